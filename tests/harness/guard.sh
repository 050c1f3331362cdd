# $1 the directory, $2 remove|keep. Standard input ends when the test process is gone, whatever ended it.
[ "$(cat)" = leave ] && exit 0
starttime() { # field 22 of stat, counted behind the name, which may hold blanks
  line=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  set -- ${line##*) }; [ "$1" != Z ] && echo "${20}"
}
living() { read -r pid start <"$1" && [ "$(starttime "$pid")" = "$start" ]; }
for file in "$1"/run/*.pid; do
  [ -e "$file" ] && living "$file" && kill -TERM "$pid"
done
for turn in $(seq 50); do
  left=
  for file in "$1"/run/*.pid; do [ -e "$file" ] && living "$file" && left=1; done
  [ -z "$left" ] && break
  sleep 0.1
done
for file in "$1"/run/*.pid; do
  [ -e "$file" ] || continue
  living "$file" && kill -KILL "$pid"
  # Children of a server that did not go with it: the group is named after the noted pid.
  read -r pid start <"$file" && kill -KILL -- "-$pid" 2>/dev/null
done
[ "$2" = remove ] || exit 0
for turn in $(seq 20); do rm -rf -- "$1" 2>/dev/null && exit 0; sleep 0.1; done
