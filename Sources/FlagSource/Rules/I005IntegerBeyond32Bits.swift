internal import Ensign

extension Rule {
  static let integerBeyond32Bits = Rule(
    code: "I005", name: "integer-beyond-32-bits", level: .information,
    summary: "A variant of an integer flag does not fit into 32 bits.",
    explanation: """
      Ensign keeps integers exact up to 2^53 − 1, but OpenFeature's integers are 32 bits wide in some languages, Java \
      among them, and such a client gets an error or a wrong number. Where all readers can, serve a `number` or a \
      smaller unit.
      """,
    badExample: Example([
      (
        "definitions/upload-limit.yaml",
        """
        description: The largest upload, in bytes.
        type: integer
        variants: {small: 1000000, large: 5000000000}
        off: small
        owner: payments
        kind: operational

        """
      ),
      ("environments/staging/upload-limit.yaml", "enabled: true\notherwise: large\n"),
      ("tests/upload-limit.yaml", "- flag: upload-limit\n  environment: staging\n  given: {}\n  expect: large\n"),
    ]),
    goodExample: Example([
      (
        "definitions/upload-limit.yaml",
        """
        description: The largest upload, in megabytes.
        type: integer
        variants: {small: 1, large: 5000}
        off: small
        owner: payments
        kind: operational

        """
      ),
      ("environments/staging/upload-limit.yaml", "enabled: true\notherwise: large\n"),
      ("tests/upload-limit.yaml", "- flag: upload-limit\n  environment: staging\n  given: {}\n  expect: large\n"),
    ]),
    check: .definition { definition, _, findings in
      guard definition.type.value == .integer, !definition.isArchived else { return }
      for variant in definition.variants {
        guard let value = variant.value.value.integer, Int32(exactly: value) == nil else { continue }
        findings.add(.integerBeyond32Bits(variant, value, definition))
      }
    })
}

extension Finding {
  fileprivate static func integerBeyond32Bits(
    _ variant: Variant, _ value: Int64, _ definition: Definition
  ) -> Finding {
    Site(file: definition.file, flag: definition.key).finding(
      .integerBeyond32Bits, "\(value) does not fit into 32 bits",
      help: "make sure that no client reads it as a 32-bit integer, as OpenFeature's Java SDK does",
      at: variant.value.range)
  }
}
