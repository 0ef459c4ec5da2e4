/// Makes texts that a regular expression may match, by following its commonest syntax.
///
/// The texts are guesses: whoever uses them asks the expression. What is not understood gives fewer of them.
struct PatternSampler {
  private var rest: Substring.UnicodeScalarView
  /// Which branch of alternatives is taken, and whether what may repeat or be left out is there.
  private let branch: Int
  private let isGenerous: Bool

  /// A few texts, without repetitions.
  static func samples(of pattern: String) -> [String] {
    var samples: [String] = []
    for branch in 0..<3 {
      for isGenerous in [false, true] {
        var sampler = PatternSampler(rest: Substring(pattern).unicodeScalars, branch: branch, isGenerous: isGenerous)
        let text = sampler.alternatives()
        if !samples.contains(where: { ExactText($0) == ExactText(text) }) { samples.append(text) }
      }
    }
    return samples
  }

  /// Reads up to the end or a closing parenthesis.
  private mutating func alternatives() -> String {
    var texts = [""]
    while let next = rest.first, next != ")" {
      rest.removeFirst()
      if next == "|" {
        texts.append("")
        continue
      }
      let piece = piece(after: next)
      let repetitions = repetitions()
      // The pattern decides how often; more than a few hundred would be a text of no use.
      for _ in 0..<min(repetitions, 300) where texts[texts.count - 1].utf8.count < 4096 {
        texts[texts.count - 1] += piece
      }
    }
    return texts[branch % texts.count]
  }

  private mutating func piece(after scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "^", "$": return ""
    case ".": return "a"
    case "\\": return escape()
    case "[": return characterClass()
    case "(": return group()
    default: return String(scalar)
    }
  }

  private mutating func group() -> String {
    if rest.first == "?" {
      // Flags or a name, up to a colon, a closing bracket, or the end of a group of flags only.
      while let next = rest.first, next != ")" {
        rest.removeFirst()
        if next == ":" || next == ">" { break }
      }
    }
    let text = alternatives()
    if rest.first == ")" { rest.removeFirst() }
    return text
  }

  private mutating func escape() -> String {
    guard let next = rest.popFirst() else { return "" }
    switch next {
    case "d": return "0"
    case "w": return "a"
    case "s": return " "
    case "D", "W", "S": return next == "W" ? "-" : "a"
    case "b", "B", "A", "z": return ""
    case "t": return "\t"
    case "n": return "\n"
    default: return String(next)
    }
  }

  private mutating func characterClass() -> String {
    var isNegated = false
    if rest.first == "^" {
      isNegated = true
      rest.removeFirst()
    }
    var members: [String] = []
    while let next = rest.popFirst(), next != "]" || members.isEmpty {
      if next == "[", rest.first == ":" {
        let name = namedClass()
        members.append(name)
      } else if next == "\\" {
        members.append(escape())
      } else {
        members.append(String(next))
      }
    }
    guard isNegated else { return members.first ?? "" }
    return ["a", "0", "-", "_", "z"].first { !members.contains($0) } ?? ""
  }

  private mutating func namedClass() -> String {
    var name = ""
    while let next = rest.popFirst(), next != "]" { name.unicodeScalars.append(next) }
    switch name {
    case ":digit:", ":xdigit:": return "0"
    case ":space:", ":blank:": return " "
    case ":upper:": return "A"
    case ":punct:": return "-"
    default: return "a"
    }
  }

  /// Reads what may follow a piece, and says how often it stands.
  private mutating func repetitions() -> Int {
    var count = 1
    switch rest.first {
    case "*", "?":
      rest.removeFirst()
      count = isGenerous ? 1 : 0
    case "+":
      rest.removeFirst()
      count = isGenerous ? 2 : 1
    case "{":
      var digits = ""
      var copy = rest.dropFirst()
      while let next = copy.first, ("0"..."9").contains(next) {
        digits.unicodeScalars.append(next)
        copy = copy.dropFirst()
      }
      guard let minimum = Int(digits), let end = copy.firstIndex(of: "}") else { return 1 }
      count = minimum
      rest = rest[rest.index(after: end)...]
    default: return 1
    }
    if rest.first == "?" { rest.removeFirst() }
    return count
  }
}
