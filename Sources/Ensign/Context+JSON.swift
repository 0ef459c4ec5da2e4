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
    var attributes: [(String, Value)] = []
    try Self.append(tape, 0, prefix: "", to: &attributes)
    try Self.refuseDuplicates(attributes)
    self.init(attributes: attributes)
  }

  private static func append(
    _ tape: JSONTape, _ object: Int, prefix: String, to attributes: inout [(String, Value)]
  ) throws(ContextError) {
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
        attributes.append((name, integer.map(Value.integer) ?? .number(tape.number(at: value))))
      case .array: attributes.append((name, .list(try list(tape, value, name))))
      case .object: try append(tape, value, prefix: name + ".", to: &attributes)
      }
    }
  }

  private static func list(_ tape: JSONTape, _ array: Int, _ name: String) throws(ContextError) -> [String] {
    var elements: [String] = []
    var child = array + 1
    while child < tape.tokens[array].extent {
      guard tape.tokens[child].kind == .string else {
        throw ContextError(message: "a list holds strings only", attribute: name)
      }
      elements.append(tape.string(at: child))
      child += 1
    }
    return elements
  }

  /// Refuses a name that is written both with dots and as nested objects.
  private static func refuseDuplicates(_ attributes: [(String, Value)]) throws(ContextError) {
    var names: Set<[UInt8]> = []
    for (name, _) in attributes where !names.insert(Array(name.utf8)).inserted {
      throw ContextError(message: "the attribute is said twice", attribute: name)
    }
  }
}
