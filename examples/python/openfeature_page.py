#!/usr/bin/env python3
"""What a web page or an app does: asks for all flags of one user at once, keeps them, and asks again when they change.

    openfeature_page.py http://127.0.0.1:8080 user-1 [SECONDS]

It speaks the OpenFeature Remote Evaluation Protocol with nothing but Python's library, as OpenFeature's web SDK does: one
request for all flags with If-None-Match, and the stream of events that the answer names. It listens for SECONDS (0).
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


class Page:
  def __init__(self, address, user):
    self.address = address.rstrip("/")
    self.body = json.dumps({"context": {"targetingKey": user, "country": "DE", "platform": "web"}}).encode()
    self.flags, self.tag, self.streams = {}, None, []

  def request(self, url, body=None, **headers):
    token = os.environ.get("FLAGS_TOKEN")
    if token:
      headers["Authorization"] = f"Bearer {token}"
    return urllib.request.Request(url, body, headers)

  def refresh(self):
    """Asks for all flags; prints those that have changed. Flags stay as they are while nobody answers."""
    headers = {"Content-Type": "application/json"} | ({"If-None-Match": self.tag} if self.tag else {})
    try:
      with urllib.request.urlopen(self.request(f"{self.address}/ofrep/v1/evaluate/flags", self.body, **headers), timeout=5) as answer:
        document = json.load(answer)
        self.tag = answer.headers["ETag"]
    except urllib.error.HTTPError as error:
      print("nothing has changed" if error.code == 304 else f"the server answers {error.code}")
      return
    self.streams = document.get("eventStreams", [])
    for flag in document["flags"]:
      if self.flags.get(flag["key"]) != flag["value"]:
        print(f"{flag['key']} = {json.dumps(flag['value'])} ({flag['reason']})")
    self.flags = {flag["key"]: flag["value"] for flag in document["flags"]}

  def listen(self, until):
    """Asks again at each event, until a moment."""
    stream = next(stream for stream in self.streams if stream["type"] == "sse")
    url = stream.get("url") or urllib.parse.urljoin(self.address + "/", stream["endpoint"]["requestUri"])
    with urllib.request.urlopen(self.request(url), timeout=20) as events:
      for line in events:
        if line.startswith(b"data:") and json.loads(line[5:])["type"] == "refetchEvaluation":
          self.refresh()
        if time.monotonic() > until:
          return


def main():
  page = Page(sys.argv[1], sys.argv[2])
  page.refresh()
  page.refresh()
  seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 0
  if seconds:
    page.listen(time.monotonic() + seconds)


main()
