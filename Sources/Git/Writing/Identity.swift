internal import CGit2
internal import Glibc

/// Who makes a commit: a name, an address and a time, as one of its two signatures.
public struct Identity: Hashable, Sendable {
  /// What a commit asks an identity for.
  public enum Role: String, Hashable, Sendable {
    /// Who wrote the change.
    case author
    /// Who puts it into the repository.
    case committer
  }

  /// The name as given.
  public var name: String
  /// The email address as given.
  public var email: String
  /// Seconds since 1970-01-01T00:00:00Z.
  public var seconds: Int64
  /// What the clock on the wall is ahead of UTC, in minutes.
  public var offsetMinutes: Int32

  /// An identity; ``Repository/identity(of:variable:)`` finds the user's own.
  public init(name: String, email: String, seconds: Int64, offsetMinutes: Int32) {
    self.name = name
    self.email = email
    self.seconds = seconds
    self.offsetMinutes = offsetMinutes
  }
}

extension Repository {
  /// The identity that Git would use: of the variables `GIT_AUTHOR_NAME`, `GIT_AUTHOR_EMAIL` and `GIT_AUTHOR_DATE` (or
  /// `GIT_COMMITTER_…`), else of the settings `author.name` (`committer.name`) and `user.name` and those of the address,
  /// and of `EMAIL`.
  ///
  /// A name or an address that nobody gave is never made up.
  ///
  /// - Parameter variable: an environment variable's value.
  public func identity(of role: Identity.Role, variable: (String) -> String?) throws(GitError) -> Identity {
    let configuration = try Configuration(of: self)
    func value(_ name: String) throws(GitError) -> String? {
      let words = [
        variable("GIT_\(role.rawValue.uppercased())_\(name.uppercased())"),
        try configuration.text("\(role.rawValue).\(name)"), try configuration.text("user.\(name)"),
        name == "email" ? variable("EMAIL") : nil,
      ]
      return words.compactMap { $0 }.first { $0.utf8.contains { $0 > 0x20 } }
    }
    guard let name = try value("name"), let email = try value("email") else {
      throw GitError(
        .missingIdentity, "Git does not know who commits: user.name and user.email are not both set",
        help: "git config --global user.name \"Your Name\"; git config --global user.email you@example.com")
    }
    let date = variable("GIT_\(role.rawValue.uppercased())_DATE")
    guard let moment = date.map(CommitDate.init(text:)) ?? CommitDate.now() else {
      throw GitError(
        .missingIdentity, "GIT_\(role.rawValue.uppercased())_DATE is no date: '\(date ?? "")'",
        help: "write 2026-11-03T10:00:00+01:00, or seconds since 1970 with the zone, such as '1793700000 +0100'")
    }
    return Identity(name: name, email: email, seconds: moment.seconds, offsetMinutes: moment.offsetMinutes)
  }
}

/// A moment with the zone in which somebody saw it.
struct CommitDate {
  var seconds: Int64
  var offsetMinutes: Int32

  /// The present.
  static func now() -> CommitDate? {
    var now = time(nil)
    var parts = unsafe tm()
    guard unsafe localtime_r(&now, &parts) != nil else { return nil }
    return unsafe CommitDate(seconds: Int64(now), offsetMinutes: Int32(parts.tm_gmtoff / 60))
  }

  private init(seconds: Int64, offsetMinutes: Int32) {
    self.seconds = seconds
    self.offsetMinutes = offsetMinutes
  }

  /// Reads Git's own form, `1793700000 +0100` with or without `@`, and `2026-11-03T10:00:00+01:00` with or without the
  /// `T`, the colon and the zone (UTC then).
  init?(text: String) {
    let words = text.split(separator: " ")
    if let first = words.first, words.count <= 2, let seconds = Int64(first.drop { $0 == "@" }), seconds >= 0 {
      guard let offset = words.count == 1 ? 0 : Self.offset(words[1]) else { return nil }
      self.init(seconds: seconds, offsetMinutes: offset)
      return
    }
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      range.upperBound <= bytes.count && bytes[range].allSatisfy { (0x30...0x39).contains($0) }
        ? Int(String(decoding: bytes[range], as: UTF8.self)) : nil
    }
    guard bytes.count >= 19, let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      [4, 7, 10, 13, 16].map({ bytes[$0] }) == Array("--".utf8) + [bytes[10]] + Array("::".utf8),
      bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "), (1970...9999).contains(year),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    let zone = String(decoding: bytes[19...], as: UTF8.self).filter { $0 != " " }
    guard let offset = zone.isEmpty ? 0 : Self.offset(zone[...]) else { return nil }
    var parts = unsafe tm()
    unsafe (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
    unsafe (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
    self.init(seconds: Int64(unsafe timegm(&parts)) - Int64(offset) * 60, offsetMinutes: offset)
  }

  /// The minutes of `+0100`, `-05:30` or `Z`.
  private static func offset(_ text: Substring) -> Int32? {
    if text == "Z" { return 0 }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard let sign = text.first, sign == "+" || sign == "-", digits.utf8.count == 4,
      let number = Int32(digits), number >= 0, number / 100 <= 14, number % 100 < 60
    else { return nil }
    let minutes = number / 100 * 60 + number % 100
    return sign == "-" ? -minutes : minutes
  }
}
