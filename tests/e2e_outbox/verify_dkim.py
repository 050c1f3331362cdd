# Reads a mail from standard input and verifies its first DKIM signature, by the DNS server at 127.0.0.1 port ARGV[1].
import sys

import dkim
import dns.resolver

resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers = ["127.0.0.1"]
resolver.port = int(sys.argv[1])


def txt(name, timeout=5):
    answer = resolver.resolve(name.decode().rstrip("."), "TXT", lifetime=timeout)
    return b"".join(answer[0].strings)


mail = sys.stdin.buffer.read()
verifier = dkim.DKIM(mail, minkey=1024)
valid = verifier.verify(dnsfunc=txt)
print("valid" if valid else "not valid", verifier.signature_fields.get(b"a", b"").decode())
