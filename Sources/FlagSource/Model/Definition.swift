package import Ensign

/// `definitions/…/<key>.yaml`: what a flag is.
package struct Definition: Sendable {
  package var file: FileReference
  /// The file's name without `.yaml`.
  package var key: String
  package var description: String?
  package var type: Located<FlagType>
  /// The variants in the order of the file; for a boolean flag that leaves them out, `on: true, off: false` at the range of `type`.
  package var variants: [Variant]
  /// The variant served while the flag is disabled.
  package var off: Located<String>
  package var owner: Located<String>?
  package var kind: Located<FlagKind>?
  package var tags: [Located<String>]
  /// The day on which the flag should be gone.
  package var expires: Located<CalendarDate>?
  /// Where `archived: true` stands; nil for a living flag.
  ///
  /// An archived flag is compiled nowhere.
  package var archived: Located<Bool>?

  package init(
    file: FileReference, key: String, description: String?, type: Located<FlagType>, variants: [Variant],
    off: Located<String>, owner: Located<String>?, kind: Located<FlagKind>?, tags: [Located<String>],
    expires: Located<CalendarDate>?, archived: Located<Bool>?
  ) {
    self.file = file
    self.key = key
    self.description = description
    self.type = type
    self.variants = variants
    self.off = off
    self.owner = owner
    self.kind = kind
    self.tags = tags
    self.expires = expires
    self.archived = archived
  }

  /// True when the flag is compiled nowhere any more.
  package var isArchived: Bool { archived?.value == true }
}

/// One of the values that a flag can have.
package struct Variant: Sendable {
  package var name: Located<String>
  /// The value, of the flag's type once the definition is checked.
  package var value: Located<JSONValue>

  package init(name: Located<String>, value: Located<JSONValue>) {
    self.name = name
    self.value = value
  }
}

/// The type of all variants of a flag; the raw value is the word in YAML and in snapshots.
package enum FlagType: String, CaseIterable, Sendable {
  case boolean, string, integer, number, object
}

/// Why a flag exists, which decides how long it may live.
package enum FlagKind: String, CaseIterable, Sendable {
  case release, experiment, operational, permission
}

/// A day of the proleptic Gregorian calendar, without time or zone.
package struct CalendarDate: Hashable, Comparable, Sendable {
  package var year: Int
  package var month: Int
  package var day: Int

  /// A day that exists, by its parts.
  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// Reads `YYYY-MM-DD`; nil when it is no such date.
  package init?(text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var result = 0
      for byte in bytes[range] {
        guard (0x30...0x39).contains(byte) else { return nil }
        result = result * 10 + Int(byte - 0x30)
      }
      return result
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
    guard (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year) else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The date as `YYYY-MM-DD`.
  package var text: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
