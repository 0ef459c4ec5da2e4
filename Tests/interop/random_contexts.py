"""Random contexts for the shop, a JSON object on each line: `random_contexts.py COUNT SEED`.

Values are drawn from the constants of the shop's conditions, values beside them, and values of the wrong type.
"""

import json
import random
import sys

WRONG = [None, 1, 1.5, True, "", "DE", [], ["staff"], 10**15]
ATTRIBUTES = {
  "country": ["AT", "CA", "DE", "FR", "GB", "NO", "US", "de", "XX"],
  "plan": ["free", "pro", "premium", "Premium"],
  "platform": ["web", "ios", "android"],
  "email": ["kim@acme.example", "KIM@ACME.EXAMPLE", "kim@acme.example.net", "ci+loadtest@acme.example",
            "x@example.org", "\u212aim@acme.example"],
  "ip": ["10.20.3.4", "10.21.0.0", "192.0.2.255", "198.51.100.0", "2001:db8:ac3e::1", "2001:DB8:BAD:0::1",
         "2001:db8:bad:1::", "010.20.3.4", "10.20.3", "::ffff:10.20.3.4"],
  "userAgent": ["acme-load-test/4", "Googlebot/2.1", "some CRAWLER", "Firefox/140", "bottle", "spider\n"],
  "deviceModel": ["iPhone 8", "IPHONE X", "\u017fiPhone 8", "Galaxy Lite", "Pixel 9", "Go Edition", "lite"],
  "groups": [["staff", "administrators"], ["staff", "administrators", "suspended"], ["on-call"], ["incident-command"],
             ["staff", "staff"]],
  "orderCount": [0, 1, 10, 11, -1, 11.0, 10.5, 0.999, 2**53 - 1],
  "screenWidth": [0, 1, 480, 481, 1599, 1600, 480.0, -5],
  "cartTotal": [499.99, 499.990000000000001, 499.995, 500, 0, 1e308, -0.0],
  "betaOptIn": [True, False],
  "appVersion": ["1.10.0", "1.9.0", "1.2.0", "2.0.0", "2.0.0-rc.1", "2.1.0", "2.1.0+build", "3.4.0-rc.1",
                 "3.4.0-rc.2", "3.4.0-rc.1.0", "3.4.0", "10.0.0", "2.1", "v2.1.0", "02.1.0", "2.1.0-01",
                 "99999999999999999999.0.0"],
  "signedUpAt": ["2026-10-01T00:00:00Z", "2026-09-30T23:59:59.999Z", "2026-10-01T01:00:00+01:00",
                 "2024-12-31T23:59:59Z", "2025-01-01T00:00:00Z", "2026-11-15T00:00:00.001Z", "2026-07-01T00:00:00Z",
                 "2026-02-30T00:00:00Z", "2026-10-01", "2026-10-01T00:00:00"],
}
COMPANIES = ["globex", "initech", "hooli", "stark", "wayne", "", 17, -3, True, 1.5, None]
KEYS = ["user-1001", "user-1002", "user-1999", "user-2017", "user-3141", "integration-monitor", "maintenance-preview",
        "", "käse-🧀", 12345, -7, False, 2.5, None]


def context(generator):
  """One context: each attribute with an even chance, seldom of the wrong type."""
  made = {}
  if generator.random() < 0.9:
    made["targetingKey"] = generator.choice(KEYS) if generator.random() < 0.3 else f"user-{generator.randrange(10**6)}"
  if generator.random() < 0.4:
    made["company"] = {"id": generator.choice(COMPANIES)}
  for name, values in ATTRIBUTES.items():
    if generator.random() < 0.5:
      made[name] = generator.choice(WRONG if generator.random() < 0.08 else values)
  return made


def main():
  count, seed = map(int, sys.argv[1:])
  generator = random.Random(seed)
  for _ in range(count):
    print(json.dumps(context(generator), ensure_ascii=False))


main()
