internal import Ensign

/// The values of one attribute, cut into cells that the tests of an analysis do not tell apart.
struct Axis {
  let attribute: String
  /// The tests; a signature has a bit for each.
  let tests: [AttributeTest]
  private(set) var cells: [Cell] = []
  /// Whether every value lies in one of the cells; if not, nothing is proven that is said about all contexts.
  private(set) var isComplete = true
  /// The texts of the constants that order cuts at, ascending: see `Cell.Content.positions`.
  var cuts: [String] = []

  private var places: [Signature: Int] = [:]

  /// The cells of an attribute.
  init(attribute: String, tests: [AttributeTest]) {
    self.attribute = attribute
    self.tests = tests
    var types: [AttributeType] = []
    for test in tests where !types.contains(test.type) { types.append(test.type) }
    for type in types { insertTyped(type) }
    if tests.contains(where: \.isHashable) { insertUntyped() }
    insert(Cell(signature: signature(of: nil), isProven: true, content: .missing, samples: [], admitsMissing: true))
    let kinds = types.map(Self.kind)
    // A text can be both a version and one that begins so; which combinations there are is not worked out.
    if Set(kinds).count < kinds.count { isComplete = false }
    // Found through the signature only while cells are made.
    places = [:]
  }

  private static func kind(_ type: AttributeType) -> Int {
    switch type {
    case .string, .version, .timestamp, .ip: 0
    case .integer, .number: 1
    case .boolean: 2
    case .list: 3
    }
  }

  private mutating func insertTyped(_ type: AttributeType) {
    switch type {
    case .boolean:
      for value in [true, false] { insert(.boolean(value), content: .boolean(value), [.values([.boolean(value)])]) }
    case .string: insertTexts()
    case .list: insertLists()
    case .ip: insertAddresses()
    case .integer: insertIntegers()
    case .number: insertNumbers()
    case .version: insertVersions()
    case .timestamp: insertInstants()
    }
  }

  /// A value that can be hashed and is of none of the declared types.
  private mutating func insertUntyped() {
    let candidates: [Samples] = [.words(prefix: "other-"), .integers(1...Int64.max), .values([true, false])]
    for samples in candidates {
      guard let value = samples.value(0) else { continue }
      let signature = signature(of: value)
      let isUntyped = tests.allSatisfy { test in
        test.isHashable || !AttributeTest(attribute: attribute, type: test.type, kind: .exists).holds(value)
      }
      if isUntyped { insert(Cell(signature: signature, isProven: true, content: .untyped, samples: [samples])) }
    }
  }

  /// Which tests hold for a value.
  func signature(of value: Context.Value?) -> Signature {
    var signature = Signature(count: tests.count)
    for (index, test) in tests.enumerated() where test.holds(value) { signature[index] = true }
    return signature
  }

  /// The cell of a value; nil where the axis is incomplete and has none.
  func cell(of value: Context.Value?) -> Int? {
    let signature = signature(of: value)
    return cells.firstIndex { $0.signature == signature }
  }

  mutating func insert(_ value: Context.Value, content: Cell.Content, _ samples: [Samples]) {
    insert(Cell(signature: signature(of: value), isProven: true, content: content, samples: samples))
  }

  /// Adds a cell, or what it holds to the cell with the same signature.
  mutating func insert(_ cell: Cell) {
    guard let place = places[cell.signature] else {
      places[cell.signature] = cells.count
      cells.append(cell)
      return
    }
    // What nobody has proven adds nothing to a cell that has the signature already.
    guard cell.isProven else { return }
    guard cells[place].isProven else {
      cells[place] = cell
      return
    }
    cells[place].merge(cell)
  }

  mutating func markIncomplete() { isComplete = false }
}

extension AttributeTest {
  var isHashable: Bool {
    if case .hashable = kind { return true }
    return false
  }
}

extension Cell {
  fileprivate mutating func merge(_ other: Cell) {
    // Values that tests treat as none are of one cell with none.
    admitsMissing = admitsMissing || other.admitsMissing
    switch (content, other.content) {
    case (.texts(let left), .texts(let right)): content = .texts((left + right).sorted(by: ExactText.precedes))
    case (.positions(let left), .positions(let right)):
      content = .positions(Set(left + right).sorted())
    case (.texts, .text): content = .text
    default: break
    }
    samples += other.samples
  }
}
