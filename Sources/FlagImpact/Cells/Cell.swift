internal import Ensign

/// Values of an attribute that no test of the analysis tells apart.
struct Cell {
  /// Which tests of the axis hold, a bit each.
  var signature: Signature
  /// Whether there are such values: not so where a regular expression might hold, and no example was found.
  var isProven: Bool
  /// What values these are, for words.
  var content: Content
  /// Where examples come from.
  var samples: [Samples]
  /// Whether a context without a value belongs to the cell too.
  var admitsMissing = false

  enum Content {
    /// No value, or one that tests treat as none, and nothing else.
    case missing
    /// A value of another type that can be hashed.
    case untyped
    /// These texts, or some of their variants in case, sorted.
    case texts([String])
    /// Any text with the signature.
    case text
    case boolean(Bool)
    /// Stretches of an ordered type: even numbers are intervals between constants, odd ones the constants.
    case positions([Int])
    case addresses
    case list
  }
}

/// Which tests hold, a bit each.
struct Signature: Hashable {
  private(set) var words: [UInt64]

  init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

  subscript(index: Int) -> Bool {
    get { words[index / 64] >> UInt64(index % 64) & 1 == 1 }
    set {
      if newValue {
        words[index / 64] |= 1 << UInt64(index % 64)
      } else {
        words[index / 64] &= ~(1 << UInt64(index % 64))
      }
    }
  }
}

/// Examples of the values of a cell, as many as there are.
enum Samples {
  case values([Context.Value])
  /// Some of the spellings of a text in another case: there are more of them.
  case spellings([String])
  /// Texts made of an example: it, a number in letters that no pattern has, and it again, which changes no test of its
  /// beginning, its end or what it contains.
  case pumped(String, letters: [Unicode.Scalar])
  /// Whole numbers of a range, as integers.
  case integers(ClosedRange<Int64>)
  /// Instants of a range, in milliseconds, as texts.
  case instants(ClosedRange<Int64>)
  /// Addresses of a range of one family, in units of its lowest bit.
  case addresses(ClosedRange<UInt128>, isVersion6: Bool)
  /// A version, alone and with build metadata, which orders do not see: `2.1.0`, `2.1.0+1`.
  case version(String)
  /// Texts that are of no other type: `x7`.
  case words(prefix: String)

  /// An example by its number; nil when there are fewer.
  func value(_ number: Int) -> Context.Value? {
    switch self {
    case .values(let values): return number < values.count ? values[number] : nil
    case .spellings(let texts): return number < texts.count ? .string(texts[number]) : nil
    case .pumped(let text, let letters):
      guard number > 0 else { return .string(text) }
      return .string(text + Self.spell(number, letters) + text)
    case .integers(let range):
      return UInt64(number) <= UInt64(bitPattern: range.upperBound &- range.lowerBound)
        ? .integer(range.lowerBound + Int64(number)) : nil
    case .instants(let range):
      guard Int64(number) <= range.upperBound - range.lowerBound else { return nil }
      return .string(Timestamp(milliseconds: range.lowerBound + Int64(number)).description)
    case .addresses(let range, let isVersion6):
      guard UInt128(number) <= range.upperBound - range.lowerBound else { return nil }
      let bits = range.lowerBound + UInt128(number)
      return .string(IPAddress(bits: isVersion6 ? bits : bits << 96, isVersion6: isVersion6).description)
    case .version(let version): return .string(number == 0 ? version : "\(version)+\(number)")
    case .words(let prefix): return .string("\(prefix)\(number + 1)")
    }
  }

  /// Whether there is an end to the examples, so that having tried them all proves something.
  var isFinite: Bool {
    switch self {
    case .values, .integers: true
    // An IPv6 address and an instant can be written in several ways.
    case .addresses(_, let isVersion6): !isVersion6
    case .spellings, .pumped, .instants, .version, .words: false
    }
  }

  private static func spell(_ number: Int, _ letters: [Unicode.Scalar]) -> String {
    var text = String.UnicodeScalarView()
    var rest = number
    repeat {
      text.append(letters[rest % letters.count])
      rest /= letters.count
    } while rest > 0
    return String(text)
  }
}
