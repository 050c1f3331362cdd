"""Signs the mail on standard input with dkimpy: arguments are the domain and the file of its private key."""
import sys

import dkim

mail = sys.stdin.buffer.read()
domain, key = sys.argv[1], open(sys.argv[2], "rb").read()
header = dkim.sign(mail, b"s1", domain.encode(), key, include_headers=[b"from", b"to", b"subject", b"message-id"])
sys.stdout.buffer.write(header + mail)
