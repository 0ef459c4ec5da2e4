internal import Glibc

/// How much is tested: `swift test` is the inner loop of whoever edits, `Tests/run.sh` asks for more.
package enum Effort {
  /// The number in `ENSIGN_TEST_THOROUGHLY`, and 1 for what is no number; nil where it is not set.
  package static let asked: Int? = getenv("ENSIGN_TEST_THOROUGHLY").map { max(1, Int(String(cString: $0)) ?? 1) }

  /// Whether more is asked for.
  package static var isThorough: Bool { asked != nil }

  /// So many seeds when everything is tested, and a third of them otherwise.
  package static func seeds(_ count: UInt64) -> Range<UInt64> { 0..<(isThorough ? count : count / 3) }
}
