extension Rule {
  static let invalidAddress = Rule(
    code: "E038", name: "invalid-address", level: .error,
    summary: "An address or a network is not written as IPv4 or IPv6 has it.",
    explanation: """
      Networks are an address and a prefix length, `10.0.0.0/8`, in which the bits after the prefix are zero: \
      `10.1.2.3/8` might mean the one address or all of them. Addresses stand alone.
      """,
    badExample: Example("segments/staff.yaml", "when:\n  ip: {within: 10.1.2.3/8}\n"),
    goodExample: Example("segments/staff.yaml", "when:\n  ip: {within: 10.0.0.0/8}\n"))
}

extension Finding {
  static func invalidNetwork(_ text: String, _ reason: String, at place: Place) -> Finding {
    Finding(
      "E038", level: .error, message: "\(text.quoted) is no network: \(reason)",
      help: "write an address and a prefix length, such as `10.0.0.0/8` or `2001:db8::/32`", file: place.file,
      range: place.range)
  }

  static func invalidAddress(_ text: String, _ reason: String, at place: Place) -> Finding {
    Finding(
      "E038", level: .error, message: "\(text.quoted) is no address: \(reason)",
      help: text.utf8.contains(UInt8(ascii: "/"))
        ? "for a network use `within`" : "write an address, such as `192.0.2.7` or `2001:db8::1`",
      file: place.file, range: place.range)
  }
}
