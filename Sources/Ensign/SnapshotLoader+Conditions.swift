// Conditions, and segments, which are conditions with lists.

extension SnapshotLoader {
  /// Reads every segment.
  mutating func readSegments() throws(SnapshotError) {
    for (index, (key, token)) in segments.enumerated() {
      mentionedSegments.removeAll(keepingCapacity: true)
      work = 1
      let members = try members(of: token, SnapshotNames.segment)
      var segment = SegmentRecord(
        key: key, document: reference(at: token), include: 0, exclude: 0, when: 0)
      segment.exclude = try table(at: Int(members[0]))
      segment.include = try table(at: Int(members[1]))
      if members[2] != 0 { segment.when = try readCondition(Int(members[2])) }
      arena[segmentRecords, index] = segment
      segmentGraph.append(mentions: mentionedSegments, others: [], work: work, token: token)
    }
  }

  /// Reads a condition and all below it, and returns its record.
  ///
  /// The reader of JSON has limited how deep that is.
  mutating func readCondition(_ token: Int) throws(SnapshotError) -> Reference {
    typealias Name = SnapshotNames.Condition
    let members = try members(of: token, SnapshotNames.condition)
    var form = Name.attribute
    var forms = 0
    for place in 0..<SnapshotNames.condition.count where members[place] != 0 && Name.isForm(place) {
      form = place
      forms += 1
    }
    guard forms == 1 else {
      throw invalid("expected one of “all”, “any”, “not”, “segment” and “attribute”", token)
    }
    let reference = arena.reserve(ConditionRecord.self)
    var condition = ConditionRecord(
      test: .all, ignoresCase: false, attribute: 0, end: 0, count: 0, operands: 0, immediate: 0)
    work += 1
    if form == Name.attribute {
      try readTest(token, members, into: &condition)
    } else {
      guard members[Name.op] == 0, members[Name.values] == 0, members[Name.ignoreCase] == 0 else {
        throw invalid("“op”, “values” and “ignoreCase” go with “attribute”", token)
      }
      let content = Int(members[form])
      switch form {
      case Name.not:
        condition.test = .not
        _ = try readCondition(content)
      case Name.segment: try readSegmentTest(content, into: &condition)
      default:
        condition.test = form == Name.all ? .all : .any
        guard try count(ofElements: content) > 0 else { throw invalid("expected one condition at least", content) }
        try forEachElement(of: content) { loader, child throws(SnapshotError) in _ = try loader.readCondition(child) }
      }
    }
    condition.end = Reference(truncatingIfNeeded: arena.count)
    arena[reference] = condition
    return reference
  }

  private mutating func readSegmentTest(_ list: Int, into condition: inout ConditionRecord) throws(SnapshotError) {
    let count = try count(ofElements: list)
    guard count > 0 else { throw invalid("expected one segment at least", list) }
    condition.test = .segment
    condition.count = UInt32(count)
    condition.operands = arena.reserve(Reference.self, count: count)
    let operands = condition.operands
    var place = 0
    try forEachElement(of: list) { loader, token throws(SnapshotError) in
      guard let segment = try loader.find(token, in: loader.segmentTable) else {
        throw loader.invalid("the snapshot has no segment “\(loader.tape.string(at: token))”", token)
      }
      loader.arena[operands, place] = loader.segmentRecords + UInt32(segment * MemoryLayout<SegmentRecord>.stride)
      loader.mentionedSegments.append(segment)
      place += 1
    }
  }

  private mutating func readTest(
    _ token: Int, _ members: Members, into condition: inout ConditionRecord
  ) throws(SnapshotError) {
    typealias Name = SnapshotNames.Condition
    condition.attribute = try attribute(at: Int(members[Name.attribute]))
    let type = attributes[Int(condition.attribute)].type
    let opToken = try required(members, Name.op, in: token, SnapshotNames.condition)
    guard let op = position(of: opToken, in: SnapshotNames.operators).map({ ConditionOperator.ordered[$0] }),
      let test = op.test(for: type)
    else {
      let known = ConditionOperator.allCases.filter { $0.test(for: type) != nil }
      throw invalid(
        "unknown operator for an attribute of type \(type.name); known are "
          + known.map(\.rawValue).joined(separator: ", "), opToken)
    }
    condition.test = test
    let ignoreCase = Int(members[Name.ignoreCase])
    if ignoreCase != 0 {
      guard tokens[ignoreCase].kind == .yes, type == .string, op.takesValues else {
        throw invalid("“ignoreCase” is true, and goes with tests of strings", ignoreCase)
      }
      condition.ignoresCase = true
    }
    guard op.takesValues else {
      guard members[Name.values] == 0 else { throw invalid("the operator takes no values", Int(members[Name.values])) }
      return
    }
    let values = try required(members, Name.values, in: token, SnapshotNames.condition)
    let count = try count(ofElements: values)
    guard count > 0 else { throw invalid("expected one value at least", values) }
    guard count == 1 || op.takesMany else { throw invalid("the operator takes one value", values) }
    condition.count = UInt32(count)
    try readOperands(values, of: type, op, into: &condition)
  }

  private mutating func readOperands(
    _ values: Int, of type: AttributeType, _ op: ConditionOperator, into condition: inout ConditionRecord
  ) throws(SnapshotError) {
    switch type {
    case .string, .list:
      if op == .matches { return try readPattern(values + 1, into: &condition) }
      if condition.ignoresCase { try checkFolded(values) }
      if op.takesMany {
        condition.operands = try table(at: values)
      } else {
        condition.operands = arena.append(try text(at: values + 1))
      }
    case .integer, .timestamp:
      let range = type == .integer ? JSONValue.integers : Timestamp.range
      guard op.takesMany else {
        condition.immediate = UInt64(bitPattern: try integer(at: values + 1, in: range))
        return
      }
      var integers: [Int64] = []
      try forEachElement(of: values) { loader, token throws(SnapshotError) in
        integers.append(try loader.integer(at: token, in: range))
      }
      condition.operands = arena.append(integers.sorted())
    case .number:
      guard op.takesMany else {
        condition.immediate = try number(at: values + 1).bitPattern
        return
      }
      var numbers: [Double] = []
      try forEachElement(of: values) { loader, token throws(SnapshotError) in
        numbers.append(try loader.number(at: token))
      }
      condition.operands = arena.append(numbers.sorted())
    case .boolean:
      try forEachElement(of: values) { loader, token throws(SnapshotError) in
        let kind = loader.tokens[token].kind
        guard kind == .yes || kind == .no else { throw loader.invalid("expected true or false", token) }
        condition.immediate |= kind == .yes ? 2 : 1
      }
    case .version:
      try forEachElement(of: values) { loader, token throws(SnapshotError) in try loader.checkVersion(token) }
      if op.takesMany {
        condition.operands = try table(at: values)
      } else {
        condition.operands = arena.append(try text(at: values + 1))
      }
    case .ip: try readAddresses(values, areNetworks: op == .within, into: &condition)
    }
  }

  private mutating func readPattern(_ token: Int, into condition: inout ConditionRecord) throws(SnapshotError) {
    do throws(GrammarError) {
      let text = tokens[token].kind == .string ? tape.string(at: token) : nil
      guard let text else { throw GrammarError("expected a string", at: 0) }
      let pattern = WrittenPattern(text: Array(text.utf8), ignoresCase: condition.ignoresCase)
      if trial?.patterns.contains(pattern) == true { return }
      var expression = expressions[pattern]
      if expression == nil { expression = try RegularExpression(text, ignoreCase: condition.ignoresCase) }
      if trial == nil { expressions[pattern] = expression } else { trial?.patterns.insert(pattern) }
      // The snapshot keeps the object alive as long as the buffer that holds the address.
      condition.immediate = UInt64(UInt(bitPattern: expression?.pointer))
    } catch {
      throw invalid(error.message, token)
    }
  }

  private mutating func checkFolded(_ values: Int) throws(SnapshotError) {
    try forEachElement(of: values) { loader, token throws(SnapshotError) in
      let text = try loader.string(at: token)
      guard CaseFolding.fold(text).utf8.elementsEqual(text.utf8) else {
        throw loader.invalid("with “ignoreCase” the value is “\(CaseFolding.fold(text))”", token)
      }
    }
  }

  private mutating func checkVersion(_ token: Int) throws(SnapshotError) {
    let text = try string(at: token)
    do throws(GrammarError) {
      guard try SemanticVersion(text).description == text else {
        throw GrammarError("build metadata has no place in a condition", at: 0)
      }
    } catch {
      throw invalid(error.message, token)
    }
  }

  private mutating func readAddresses(
    _ values: Int, areNetworks: Bool, into condition: inout ConditionRecord
  ) throws(SnapshotError) {
    var networks: [IPNetwork] = []
    try forEachElement(of: values) { loader, token throws(SnapshotError) in
      let text = try loader.string(at: token)
      do throws(GrammarError) {
        let network = try IPNetwork(text)
        // A dotted quad, and a length, are read in one form only.
        if network.address.isVersion6 || text.utf8.contains(UInt8(ascii: "/")) != areNetworks {
          let canonical = areNetworks ? network.description : network.address.description
          guard text == canonical else { throw GrammarError("the canonical text is \(canonical)", at: 0) }
        }
        networks.append(network)
      } catch {
        throw loader.invalid(error.message, token)
      }
    }
    let ranges = AddressRangeRecord.disjoint(networks)
    condition.operands = arena.append(ranges)
    condition.count = UInt32(ranges.count)
  }
}

extension AddressRangeRecord {
  /// The ranges of networks, ascending, without those that lie in others.
  ///
  /// Two networks never overlap otherwise.
  static func disjoint(_ networks: [IPNetwork]) -> [AddressRangeRecord] {
    let sorted = networks.sorted { left, right in
      if left.address.isVersion6 != right.address.isVersion6 { return right.address.isVersion6 }
      return (left.address.bits, left.prefixLength) < (right.address.bits, right.prefixLength)
    }
    var ranges: [AddressRangeRecord] = []
    for network in sorted {
      let range = AddressRangeRecord(
        isVersion6: network.address.isVersion6, first: network.address.bits,
        last: network.address.bits | ~IPNetwork.mask(network.prefixLength))
      if let last = ranges.last, last.isVersion6 == range.isVersion6, range.last <= last.last { continue }
      ranges.append(range)
    }
    return ranges
  }
}
