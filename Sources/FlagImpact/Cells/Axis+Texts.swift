internal import Ensign

// Texts. Constants are tried one by one. All other texts are told apart by what they begin with, end with and contain: an
// automaton finds which combinations there are, with the shortest example of each. Every such combination has endlessly
// many texts, because an example, a letter that no pattern has, and the example again are another one; so leaving out the
// constants, which are finitely many, leaves none of them empty. Regular expressions are tried on examples; what they
// might do beyond that is kept as a cell without proof.

extension Axis {
  private typealias Pattern = TextAutomaton.Pattern

  mutating func insertTexts() {
    let constants = insertConstants()
    let folded = insertVariants(of: constants)
    let patterns = textPatterns
    guard patterns.allSatisfy({ $0.scalars.count <= TextAutomaton.maximumLength }) else { return markIncomplete() }
    let letters = Self.freshLetters(patterns, tests)
    var automaton = TextAutomaton(patterns)
    let expressions = tests.indices.filter { tests[$0].isExpression }
    var bases: Set<Signature> = []
    guard automaton.run() else { return markIncomplete() }
    let fresh = String(String.UnicodeScalarView([letters[0]]))
    let probes = expressions.isEmpty ? [] : expressions.flatMap { tests[$0].samples }
    for example in automaton.examples {
      var example = example
      if example.isEmpty && patterns.isEmpty { example = "x" }
      // A constant is a cell of its own; this is one of the other texts.
      while constants[ExactText(example)] != nil || folded.contains(ExactText(CaseFolding.fold(example))) {
        example += fresh + example
      }
      insertText(example, letters)
      bases.insert(signature(of: .string(example)).without(expressions))
      for probe in probes {
        for text in [probe, example + probe, probe + example, example + fresh + probe + fresh + example]
        where constants[ExactText(text)] == nil && !folded.contains(ExactText(CaseFolding.fold(text))) {
          insertText(text, letters)
        }
      }
    }
    insertUnproven(bases, expressions)
  }

  private mutating func insertText(_ text: String, _ letters: [Unicode.Scalar]) {
    let value = Context.Value.string(text)
    let prefixes =
      attribute == Context.targetingKeyName ? ["user-", "u-", "someone-"] : ["other-", "another-", "any-"]
    // Where a name that people know tells as much, it makes the better example.
    let prefix = prefixes.first { signature(of: .string($0 + "1")) == signature(of: value) }
    let names: [Samples] = prefix.map { [.words(prefix: $0)] } ?? []
    insert(value, content: .text, names + [.pumped(text, letters: letters)])
  }

  /// Cells for every verdict of the regular expressions that no example was found for.
  private mutating func insertUnproven(_ bases: Set<Signature>, _ expressions: [Int]) {
    guard !expressions.isEmpty else { return }
    guard expressions.count <= 6, bases.count << expressions.count <= 4096 else { return markIncomplete() }
    for base in bases.sorted(by: { $0.words.lexicographicallyPrecedes($1.words) }) {
      for verdicts in 0..<1 << expressions.count {
        var signature = base
        for (bit, index) in expressions.enumerated() { signature[index] = verdicts >> bit & 1 == 1 }
        insert(Cell(signature: signature, isProven: false, content: .text, samples: []))
      }
    }
  }

  // MARK: Constants

  /// The texts that tests name in full, with the number of the set of tests that name each.
  private typealias Constants = [ExactText: Int32]

  /// Puts the texts that tests name in full into the cells they belong to.
  ///
  /// There may be a million of them, in few different sets of tests, so a text knows its set by a number.
  private mutating func insertConstants() -> Constants {
    var constants: Constants = [:]
    var order: [ExactText] = []
    var sets = [Signature(count: tests.count)]
    var numbers: [Signature: Int32] = [sets[0]: 0]
    var others: [Int] = []
    for (index, test) in tests.enumerated() {
      guard case .isIn(.texts(let texts, false)) = test.kind, test.type == .string else {
        others.append(index)
        continue
      }
      var successors: [Int32: Int32] = [:]
      for text in test.listing ?? texts.sorted(by: { ExactText.precedes($0.string, $1.string) }) {
        let known = constants[text]
        if known == nil { order.append(text) }
        let set = known ?? 0
        if successors[set] == nil {
          var signature = sets[Int(set)]
          signature[index] = true
          if numbers[signature] == nil {
            numbers[signature] = Int32(sets.count)
            sets.append(signature)
          }
          successors[set] = numbers[signature]
        }
        constants[text] = successors[set]
      }
    }
    insert(order, constants, sets, others)
    return constants
  }

  private mutating func insert(_ texts: [ExactText], _ constants: Constants, _ sets: [Signature], _ others: [Int]) {
    // Tests that look at more than the type are asked about each text.
    let particular = others.filter { tests[$0].tellsTextsApart }
    var cells: [Signature: [String]] = [:]
    var general: [Int32: Signature] = [:]
    for text in texts {
      guard let set = constants[text] else { continue }
      let value = Context.Value.string(text.string)
      if general[set] == nil {
        var signature = sets[Int(set)]
        for index in others where !tests[index].tellsTextsApart && tests[index].holds(value) { signature[index] = true }
        general[set] = signature
      }
      guard var signature = general[set] else { continue }
      for index in particular where tests[index].holds(value) { signature[index] = true }
      cells[signature, default: []].append(text.string)
    }
    for (signature, texts) in cells.sorted(by: { $0.key.words.lexicographicallyPrecedes($1.key.words) }) {
      insert(
        Cell(
          signature: signature, isProven: true, content: .texts(texts),
          samples: [.values(texts.map(Context.Value.string))]))
    }
  }

  /// The variants in case of the texts that tests name in full without minding case.
  ///
  /// - Returns: these texts, folded.
  private mutating func insertVariants(of constants: Constants) -> Set<ExactText> {
    var folded: Set<ExactText> = []
    for test in tests where test.type == .string {
      if case .isIn(.texts(let texts, true)) = test.kind { folded.formUnion(texts) }
    }
    guard !folded.isEmpty else { return [] }
    let mindsCase = tests.contains { $0.type == .string && $0.mindsCaseOfParts }
    var spellings: [ExactText: [String]] = [:]
    for constant in constants.keys {
      spellings[ExactText(CaseFolding.fold(constant.string)), default: []].append(constant.string)
    }
    for text in folded.sorted(by: { ExactText.precedes($0.string, $1.string) }) {
      let exact = spellings[text] ?? []
      guard mindsCase || !exact.isEmpty else {
        insert(.string(text.string), content: .texts([text.string]), [.spellings([text.string])])
        continue
      }
      insertVariants(of: text.string, except: exact)
    }
    return folded
  }

  /// All variants in case of one text, as far as tests that mind case tell them apart.
  private mutating func insertVariants(of text: String, except constants: [String]) {
    var patterns = textPatterns.filter { !$0.ignoresCase }
    patterns += constants.map { Pattern(kind: .whole, scalars: Array($0.unicodeScalars), ignoresCase: false) }
    let exact = Set(constants.map(ExactText.init))
    let expressions = tests.indices.filter { tests[$0].isExpression }
    var automaton = TextAutomaton(patterns)
    let isListed = automaton.run(variantsOf: text, each: !expressions.isEmpty)
    if !isListed {
      // Too many for an expression to be asked about each: one of each combination, and what it may say of the others.
      automaton = TextAutomaton(patterns)
      guard automaton.run(variantsOf: text, each: false) else { return markIncomplete() }
    }
    var bases: Set<Signature> = []
    for variant in automaton.examples where !exact.contains(ExactText(variant)) {
      insert(.string(variant), content: .texts([variant]), [.spellings([variant])])
      bases.insert(signature(of: .string(variant)).without(expressions))
    }
    if !isListed { insertUnproven(bases, expressions) }
  }

  private var textPatterns: [Pattern] {
    tests.compactMap { test in
      guard test.type == .string else { return nil }
      return switch test.kind {
      case .startsWith(let pattern): Pattern(kind: .beginning, pattern)
      case .endsWith(let pattern): Pattern(kind: .end, pattern)
      case .contains(let pattern): Pattern(kind: .part, pattern)
      default: nil
      }
    }
  }

  /// Letters that no pattern has, in either case; two at least.
  private static func freshLetters(_ patterns: [Pattern], _ tests: [AttributeTest]) -> [Unicode.Scalar] {
    var used: Set<Unicode.Scalar> = []
    for pattern in patterns {
      for scalar in CaseFolding.fold(String(String.UnicodeScalarView(pattern.scalars))).unicodeScalars {
        used.insert(scalar)
      }
    }
    let common = Array("xzqwvkjhgybpmfudlcnrtsioae0123456789".unicodeScalars).filter { !used.contains($0) }
    guard common.count < 2 else { return common }
    // Letters without case; there are more of them than patterns have characters that are not in the list above.
    return (0x4E00...0x9FFF).lazy.compactMap(Unicode.Scalar.init).filter { !used.contains($0) }.prefix(64).map(\.self)
  }
}

extension TextAutomaton.Pattern {
  fileprivate init(kind: Kind, _ pattern: AttributeTest.Pattern) {
    self.init(kind: kind, scalars: Array(pattern.text.unicodeScalars), ignoresCase: pattern.ignoresCase)
  }
}

extension Signature {
  /// The signature with some bits cleared.
  fileprivate func without(_ indices: [Int]) -> Signature {
    var signature = self
    for index in indices { signature[index] = false }
    return signature
  }
}

extension AttributeTest {
  fileprivate var isExpression: Bool {
    if case .matches = kind { return true }
    return false
  }

  /// Whether the test looks at more than whether there is a text.
  fileprivate var tellsTextsApart: Bool {
    switch kind {
    case .exists, .hashable: false
    default: true
    }
  }

  /// Whether the test looks at the case of a part of a text.
  fileprivate var mindsCaseOfParts: Bool {
    switch kind {
    case .startsWith(let pattern), .endsWith(let pattern), .contains(let pattern): !pattern.ignoresCase
    case .matches: true
    default: false
    }
  }

  /// Texts that a regular expression may match: to be tried.
  fileprivate var samples: [String] {
    guard case .matches(let expression, let pattern, _) = kind else { return [] }
    return PatternSampler.samples(of: pattern).filter(expression.matches)
  }
}
