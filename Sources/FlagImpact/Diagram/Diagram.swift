/// Decisions of flags as diagrams that share their equal parts, so that equal decisions are equal numbers.
///
/// A diagram is a terminal, or a condition with a diagram for each verdict. Conditions are built of atoms: sets of cells
/// of one axis. Looking at a region, what it settles falls away; two diagrams that become the same number decide alike
/// for every context of the region.
final class Diagram {
  typealias Condition = Int32
  typealias Node = Int32

  static let never: Condition = 0
  static let always: Condition = 1

  /// Work done so far; see ``AnalysisBudget``.
  private(set) var steps = 0

  /// A set of cells of one axis.
  struct Atom {
    let axis: Int
    /// The axis's words.
    var mask: [UInt64]
    /// The axis's first word in a region.
    var start: Int
  }

  private(set) var atoms: [Atom] = []
  /// The first axis that is a hash; those before are attributes.
  let firstHash: Int

  private enum Form: Hashable {
    case constant
    case atom(Int32)
    case not(Condition)
    case all([Condition])
    case any([Condition])
  }

  private var forms: [Form] = [.constant, .constant]
  private var conditionIDs: [Form: Condition] = [:]
  /// Whether a condition, a node, has an atom of an attribute, not only of hashes.
  private var conditionHasAttribute: [Bool] = [false, false]
  private var conditionMemo: [(region: Int32, result: Condition)] = [(0, 0), (0, 0)]

  private struct Test: Equatable {
    let condition: Condition
    let then: Node
    let otherwise: Node

    /// A mix of the three numbers: these tables are asked at every step, and nobody chooses the numbers.
    var hash: UInt64 {
      let pair = UInt64(UInt32(bitPattern: then)) << 32 | UInt64(UInt32(bitPattern: otherwise))
      let mixed = (pair ^ UInt64(UInt32(bitPattern: condition)) &* 0x9e37_79b9_7f4a_7c15) &* 0xd134_2543_de82_ef95
      return mixed ^ mixed >> 32
    }
  }

  /// A terminal's condition is -1, and its branch its number.
  private var tests: [Test] = []
  private var nodeIDs = NodeTable()
  private var nodeHasAttribute: [Bool] = []
  private var nodeMemo: [(region: Int32, result: Node)] = []
  /// Counts regions, so that what is remembered of one is not taken for another's.
  private var regionNumber: Int32 = 0

  init(firstHash: Int) { self.firstHash = firstHash }

  // MARK: Making conditions

  func appendAtom(_ atom: Atom) -> Condition {
    atoms.append(atom)
    return intern(.atom(Int32(atoms.count - 1)), hasAttribute: atom.axis < firstHash)
  }

  private func intern(_ form: Form, hasAttribute: Bool) -> Condition {
    if let id = conditionIDs[form] { return id }
    let id = Condition(forms.count)
    forms.append(form)
    conditionIDs[form] = id
    conditionHasAttribute.append(hasAttribute)
    conditionMemo.append((0, 0))
    return id
  }

  func not(_ condition: Condition) -> Condition {
    if condition <= Self.always { return 1 - condition }
    if case .not(let inner) = forms[Int(condition)] { return inner }
    return intern(.not(condition), hasAttribute: conditionHasAttribute[Int(condition)])
  }

  func all(_ conditions: [Condition]) -> Condition { group(conditions, isAll: true) }
  func any(_ conditions: [Condition]) -> Condition { group(conditions, isAll: false) }

  private func group(_ conditions: [Condition], isAll: Bool) -> Condition {
    let neutral = isAll ? Self.always : Self.never
    var members: [Condition] = []
    for condition in conditions where condition != neutral {
      if condition == 1 - neutral { return condition }
      switch forms[Int(condition)] {
      case .all(let inner) where isAll: members += inner
      case .any(let inner) where !isAll: members += inner
      default: members.append(condition)
      }
    }
    members.sort()
    var unique: [Condition] = []
    for member in members where unique.last != member { unique.append(member) }
    if unique.isEmpty { return neutral }
    if unique.count == 1 { return unique[0] }
    for member in unique {
      if case .not(let inner) = forms[Int(member)], unique.contains(inner) { return 1 - neutral }
    }
    let hasAttribute = unique.contains { conditionHasAttribute[Int($0)] }
    return intern(isAll ? .all(unique) : .any(unique), hasAttribute: hasAttribute)
  }

  // MARK: Making nodes

  func terminal(_ number: Int32) -> Node { intern(Test(condition: -1, then: number, otherwise: 0)) }

  func test(_ condition: Condition, _ then: Node, _ otherwise: Node) -> Node {
    if condition == Self.always || then == otherwise { return then }
    if condition == Self.never { return otherwise }
    if case .not(let inner) = forms[Int(condition)] { return test(inner, otherwise, then) }
    return intern(Test(condition: condition, then: then, otherwise: otherwise))
  }

  private func intern(_ test: Test) -> Node {
    let place = nodeIDs.place(test.hash) { tests[Int($0)] == test }
    if let id = nodeIDs[place] { return id }
    let id = Node(tests.count)
    tests.append(test)
    nodeIDs.insert(id, at: place) { tests[Int($0)].hash }
    let isTerminal = test.condition < 0
    nodeHasAttribute.append(
      !isTerminal
        && (conditionHasAttribute[Int(test.condition)] || nodeHasAttribute[Int(test.then)]
          || nodeHasAttribute[Int(test.otherwise)])
    )
    nodeMemo.append((0, 0))
    return id
  }

  /// A terminal's number; nil for a test.
  func terminalNumber(_ node: Node) -> Int32? {
    let test = tests[Int(node)]
    return test.condition < 0 ? test.then : nil
  }

  /// The numbers of all terminals that a node leads to.
  func terminals(of node: Node) -> Set<Int32> {
    var numbers: Set<Int32> = []
    var seen: Set<Node> = []
    var waiting = [node]
    while let next = waiting.popLast() {
      guard seen.insert(next).inserted else { continue }
      let test = tests[Int(next)]
      if test.condition < 0 {
        numbers.insert(test.then)
      } else {
        waiting += [test.then, test.otherwise]
      }
    }
    return numbers
  }

  /// The atoms that a node asks anywhere, by their numbers.
  func atoms(of node: Node) -> Set<Int> {
    var numbers: Set<Int> = []
    var seen: Set<Node> = []
    var seenConditions: Set<Condition> = []
    var waiting = [node]
    while let next = waiting.popLast() {
      guard seen.insert(next).inserted else { continue }
      let test = tests[Int(next)]
      guard test.condition >= 0 else { continue }
      waiting += [test.then, test.otherwise]
      collectAtoms(of: test.condition, into: &numbers, &seenConditions)
    }
    steps += seen.count
    return numbers
  }

  private func collectAtoms(of condition: Condition, into numbers: inout Set<Int>, _ seen: inout Set<Condition>) {
    guard seen.insert(condition).inserted else { return }
    switch forms[Int(condition)] {
    case .constant: return
    case .atom(let number): numbers.insert(Int(number))
    case .not(let inner): collectAtoms(of: inner, into: &numbers, &seen)
    case .all(let members), .any(let members):
      for member in members { collectAtoms(of: member, into: &numbers, &seen) }
    }
  }

  /// A node with every terminal replaced.
  func replacingTerminals(of node: Node, _ replacement: (Int32) -> Node) -> Node {
    var done: [Node: Node] = [:]
    func replace(_ node: Node) -> Node {
      if let result = done[node] { return result }
      let test = tests[Int(node)]
      let result =
        test.condition < 0
        ? replacement(test.then) : self.test(test.condition, replace(test.then), replace(test.otherwise))
      done[node] = result
      return result
    }
    return replace(node)
  }

  // MARK: Looking at a region

  /// What nodes and conditions come to in a region, until the next region is begun.
  func begin() {
    regionNumber += 1
  }

  func simplify(_ node: Node, in region: Region) -> Node {
    var node = node
    while true {
      let test = tests[Int(node)]
      guard test.condition >= 0 else { return node }
      let memo = nodeMemo[Int(node)]
      if memo.region == regionNumber { return memo.result }
      steps += 1
      let condition = simplify(condition: test.condition, in: region)
      if condition == Self.always {
        node = test.then
      } else if condition == Self.never {
        node = test.otherwise
      } else {
        let result = self.test(
          condition, simplify(test.then, in: region), simplify(test.otherwise, in: region))
        nodeMemo[Int(node)] = (regionNumber, result)
        return result
      }
    }
  }

  func simplify(condition: Condition, in region: Region) -> Condition {
    if condition <= Self.always { return condition }
    let memo = conditionMemo[Int(condition)]
    if memo.region == regionNumber { return memo.result }
    steps += 1
    let result: Condition
    switch forms[Int(condition)] {
    case .constant: result = condition
    case .atom(let number): result = verdict(atoms[Int(number)], condition, in: region)
    case .not(let inner): result = not(simplify(condition: inner, in: region))
    case .all(let members): result = simplify(members, of: condition, isAll: true, in: region)
    case .any(let members): result = simplify(members, of: condition, isAll: false, in: region)
    }
    conditionMemo[Int(condition)] = (regionNumber, result)
    return result
  }

  private func simplify(
    _ members: [Condition], of condition: Condition, isAll: Bool, in region: Region
  ) -> Condition {
    let neutral = isAll ? Self.always : Self.never
    var left: [Condition] = []
    var isSame = true
    for member in members {
      let result = simplify(condition: member, in: region)
      if result == 1 - neutral { return result }
      if result != member { isSame = false }
      if result != neutral { left.append(result) }
    }
    return isSame ? condition : group(left, isAll: isAll)
  }

  private func verdict(_ atom: Atom, _ condition: Condition, in region: Region) -> Condition {
    var hasInside = false
    var hasOutside = false
    steps += atom.mask.count / 8
    for (index, mask) in atom.mask.enumerated() {
      let word = region[atom.start + index]
      if word & mask != 0 { hasInside = true }
      if word & ~mask != 0 { hasOutside = true }
    }
    return hasInside ? (hasOutside ? condition : Self.always) : Self.never
  }

  // MARK: Choosing what to split a region by

  func hasAttribute(_ node: Node) -> Bool { nodeHasAttribute[Int(node)] }

  /// An atom of an attribute that keeps two nodes from being equal or settled; nil when only hashes are left where they
  /// differ.
  ///
  /// Where both ask the same and go on differently, the difference further on is settled first: what makes them equal
  /// there makes them equal here.
  func attributeAtom(_ left: Node, _ right: Node) -> Int? {
    var seen: Set<Int64> = []
    return attributeAtom(left, right, &seen)
  }

  private func attributeAtom(_ left: Node, _ right: Node, _ seen: inout Set<Int64>) -> Int? {
    guard left != right, nodeHasAttribute[Int(left)] || nodeHasAttribute[Int(right)] else { return nil }
    guard seen.insert(Int64(left) << 32 | Int64(right)).inserted else { return nil }
    steps += 1
    let (first, second) = (tests[Int(left)], tests[Int(right)])
    if first.condition >= 0, first.condition == second.condition {
      if let atom = attributeAtom(first.otherwise, second.otherwise, &seen) { return atom }
      if let atom = attributeAtom(first.then, second.then, &seen) { return atom }
      return conditionHasAttribute[Int(first.condition)] ? attributeAtom(first.condition) : nil
    }
    // What one of them asks beyond the other is what differs.
    let isInserted = second.condition >= 0 && (second.otherwise == left || second.then == left)
    for test in isInserted ? [second, first] : [first, second] {
      if test.condition >= 0, conditionHasAttribute[Int(test.condition)] { return attributeAtom(test.condition) }
    }
    for (test, other) in [(first, right), (second, left)] where test.condition >= 0 {
      if let atom = attributeAtom(test.then, other, &seen) ?? attributeAtom(test.otherwise, other, &seen) {
        return atom
      }
    }
    return nil
  }

  private func attributeAtom(_ condition: Condition) -> Int? {
    switch forms[Int(condition)] {
    case .constant: return nil
    case .atom(let number): return atoms[Int(number)].axis < firstHash ? Int(number) : nil
    case .not(let inner): return attributeAtom(inner)
    case .all(let members), .any(let members):
      for member in members where conditionHasAttribute[Int(member)] { return attributeAtom(member) }
      return nil
    }
  }

  /// The first atom that a node asks; nil for a terminal.
  func firstAtom(_ node: Node) -> Int? {
    let test = tests[Int(node)]
    return test.condition < 0 ? nil : firstAtom(condition: test.condition)
  }

  private func firstAtom(condition: Condition) -> Int? {
    switch forms[Int(condition)] {
    case .constant: nil
    case .atom(let number): Int(number)
    case .not(let inner): firstAtom(condition: inner)
    case .all(let members), .any(let members): firstAtom(condition: members[0])
    }
  }

  /// The parts of a region inside and outside of an atom.
  func split(_ region: Region, by atom: Int) -> (inside: Region, outside: Region) {
    let atom = atoms[atom]
    var inside = region
    var outside = region
    for (index, mask) in atom.mask.enumerated() {
      inside[atom.start + index] &= mask
      outside[atom.start + index] &= ~mask
    }
    steps += region.count / 4
    return (inside, outside)
  }

  /// Charges work that is done elsewhere.
  func charge(_ steps: Int) { self.steps += steps }
}

/// Numbers of nodes by what they are, with open addressing.
private struct NodeTable {
  private var slots = [Int32](repeating: -1, count: 256)
  private var count = 0

  /// The place of a node that is equal, or where it belongs.
  func place(_ hash: UInt64, _ isEqual: (Int32) -> Bool) -> Int {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place] >= 0, !isEqual(slots[place]) { place = (place + 1) & mask }
    return place
  }

  subscript(place: Int) -> Int32? { slots[place] >= 0 ? slots[place] : nil }

  /// Inserts a node at its place.
  mutating func insert(_ node: Int32, at place: Int, _ hash: (Int32) -> UInt64) {
    slots[place] = node
    count += 1
    guard count * 2 > slots.count else { return }
    let old = slots
    slots = [Int32](repeating: -1, count: old.count * 2)
    for node in old where node >= 0 { slots[self.place(hash(node)) { _ in false }] = node }
  }
}
