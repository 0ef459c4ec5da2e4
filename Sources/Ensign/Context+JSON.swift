extension Context {
  /// The largest JSON document that is read as a context, in bytes: 1 MiB.
  public static let maximumSize = 1 << 20

  /// Reads a context from a JSON object.
  ///
  /// Nested objects are flattened, their names joined with dots. A number written without fraction and exponent is an
  /// integer if it fits 64 bits, any other a double. Arrays hold strings only. `null` says nothing. A member `now` is
  /// refused: the moment of evaluation is not the caller's to claim; set ``now`` instead.
  public init(json bytes: [UInt8]) throws(ContextError) {
    let tape: JSONTape
    do throws(JSONError) {
      tape = try JSONReader.read(bytes, maximumSize: Self.maximumSize)
    } catch {
      throw ContextError(message: error.description, attribute: "")
    }
    guard tape.tokens[0].kind == .object else {
      throw ContextError(message: "a context is a JSON object", attribute: "")
    }
    try self.init(tape, object: 0, otherLists: .areRefused)
  }

  /// What to do with a list that holds anything else than strings, which no attribute can be.
  package enum OtherLists: Sendable {
    /// It is an error, for whoever wrote the context by hand.
    case areRefused
    /// It says nothing, as any value of the wrong type: a client sends along what its application knows.
    case areMissing
  }

  /// Reads a context from an object in a document, by the rules of ``init(json:)``.
  package init(_ tape: JSONTape, object: Int, otherLists: OtherLists) throws(ContextError) {
    var reader = ContextReader(tape: tape, otherLists: otherLists)
    try reader.append(object, prefix: "")
    // Names within one object differ: the reader of JSON saw to that.
    if reader.hasNested { try Self.refuseDuplicates(reader.attributes) }
    self.init(attributes: reader.attributes)
  }

  /// Refuses a name that is written both with dots and as nested objects.
  private static func refuseDuplicates(_ attributes: [(String, Value)]) throws(ContextError) {
    var names: Set<[UInt8]> = []
    for (name, _) in attributes where !names.insert(Array(name.utf8)).inserted {
      throw ContextError(message: "the attribute is said twice", attribute: name)
    }
  }
}

/// Collects the attributes of a context from a document.
private struct ContextReader {
  let tape: JSONTape
  let otherLists: Context.OtherLists
  var attributes: [(String, Context.Value)] = []
  /// Whether there are objects in the object, whose flattened names can be somebody else's.
  var hasNested = false

  init(tape: JSONTape, otherLists: Context.OtherLists) {
    self.tape = tape
    self.otherLists = otherLists
  }

  mutating func append(_ object: Int, prefix: String) throws(ContextError) {
    var child = object + 1
    while child < tape.tokens[object].extent {
      let name = prefix + tape.string(at: child)
      let value = child + 1
      child = tape.end(of: value)
      guard name != "now" else {
        throw ContextError(message: "the moment of evaluation is not part of a context", attribute: name)
      }
      switch tape.tokens[value].kind {
      case .null: break
      case .no: attributes.append((name, .boolean(false)))
      case .yes: attributes.append((name, .boolean(true)))
      case .string: attributes.append((name, .string(tape.string(at: value))))
      case .number: attributes.append((name, .number(tape.number(at: value))))
      case .integer:
        let integer = tape.integer(at: value)
        attributes.append((name, integer.map(Context.Value.integer) ?? .number(tape.number(at: value))))
      case .array:
        if let list = list(value) {
          attributes.append((name, .list(list)))
        } else if otherLists == .areRefused {
          throw ContextError(message: "a list holds strings only", attribute: name)
        }
      case .object:
        hasNested = true
        try append(value, prefix: name + ".")
      }
    }
  }

  /// The elements of an array; nil when they are not all strings.
  private func list(_ array: Int) -> [String]? {
    var elements: [String] = []
    var child = array + 1
    while child < tape.tokens[array].extent {
      guard tape.tokens[child].kind == .string else { return nil }
      elements.append(tape.string(at: child))
      child += 1
    }
    return elements
  }
}
