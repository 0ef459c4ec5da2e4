#!/usr/bin/env python3
"""A service that evaluates flags through OpenFeature: each question goes to `ensign serve`.

    pip install openfeature-sdk openfeature-provider-ofrep
    ensign serve --dev --default-environment production        # in another terminal
    openfeature_service.py http://127.0.0.1:8080 user-1 user-2

With tokens, the variable FLAGS_TOKEN has one of scope `evaluate`. A service in Swift evaluates in its own process instead,
and asks nobody: see examples/swift-service.
"""

import os
import sys

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from openfeature.hook import Hook


class Report(Hook):
  """Tells why: what OpenFeature's telemetry would record."""

  def after(self, hook_context, details, hints):
    rule = details.flag_metadata.get("rule", "-")
    print(f"  {details.flag_key} = {details.value!r} ({details.reason}, rule {rule}, {details.flag_metadata['version']})")

  def error(self, hook_context, exception, hints):
    print(f"  {hook_context.flag_key}: {exception}", file=sys.stderr)


def main():
  address, *users = sys.argv[1:]
  token = os.environ.get("FLAGS_TOKEN")
  headers = {"Authorization": f"Bearer {token}"} if token else {}
  api.set_provider_and_wait(OFREPProvider(address, headers_factory=lambda: headers, timeout=1.0))
  client = api.get_client()
  client.add_hooks([Report()])
  for user in users:
    print(user)
    context = EvaluationContext(user, {"country": "DE", "plan": "premium", "appVersion": "2.4.0"})
    # The second argument is what the service does when nobody answers: the off variant's value.
    client.get_boolean_value("checkout-v2", False, context)
    client.get_integer_value("search-page-size", 20, context)
    client.get_float_value("fraud-threshold", 0.9, context)
    client.get_string_value("image-format", "image/jpeg", context)


main()
