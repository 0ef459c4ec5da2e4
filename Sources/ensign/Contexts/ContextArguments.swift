internal import Ensign
internal import FlagSource

/// Contexts as they are written on a command line: `{…}`, `@FILE`, or `name=value`.
struct ContextArguments {
  /// The types by which values are read; a name that is not there is read as JSON, or else as a text.
  let types: [String: FlagSource.AttributeType]
  let console: Console

  /// Puts the parts together; of two values for one attribute the later one counts.
  func context(from parts: [String]) throws(CommandError) -> Context {
    var context = Context()
    for part in parts {
      if part.first == "{" {
        context.take(try parse(Array(part.utf8), name: "--context"))
      } else if part.first == "@" {
        context.take(try read(String(part.dropFirst())))
      } else if let equals = part.firstIndex(of: "=") {
        try set(String(part[..<equals]), String(part[part.index(after: equals)...]), in: &context)
      } else {
        throw .usage(
          "'\(part)' is no context", help: "write a JSON object, @FILE with one, or name=value, such as country=DE")
      }
    }
    return context
  }

  private func read(_ path: String) throws(CommandError) -> Context {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes =
        path == "-"
        ? try FileSystem.read(console.input, name: "standard input", limit: Context.maximumSize)
        : try FileSystem.read(console.absolute(path), limit: Context.maximumSize)
    } catch {
      throw error.asCommandError
    }
    return try parse(bytes, name: path == "-" ? "standard input" : path)
  }

  private func parse(_ bytes: [UInt8], name: String) throws(CommandError) -> Context {
    do throws(ContextError) {
      return try Context(json: bytes)
    } catch {
      throw .invalidContext("\(name): \(error)")
    }
  }

  // MARK: name=value

  private func set(_ name: String, _ text: String, in context: inout Context) throws(CommandError) {
    if name.isEmpty { throw .usage("'=\(text)' names no attribute", help: "write name=value, such as country=DE") }
    if name == AttributeDeclaration.now {
      throw .usage("the moment of evaluation is not part of a context", help: "write --now \(text)")
    }
    context[name] = try value(text, of: name)
  }

  private func value(_ text: String, of name: String) throws(CommandError) -> Context.Value {
    if name == AttributeDeclaration.targetingKey { return .string(text) }
    guard let type = types[name] else { return literal(text) }
    guard let value = Self.value(text, as: type) else {
      throw .invalidContext("\(name)=\(text): this is no \(type.noun)")
    }
    return value
  }

  /// Reads a text as the type asks; nil when it is no value of the type.
  private static func value(_ text: String, as type: FlagSource.AttributeType) -> Context.Value? {
    switch type {
    case .string: return .string(text)
    case .integer: return Int64(text).map(Context.Value.integer)
    case .number:
      let number = try? JSONValue(parsing: text)
      return number?.integer.map(Context.Value.integer) ?? number?.number.map(Context.Value.number)
    case .boolean: return Bool(text).map(Context.Value.boolean)
    case .version: return (try? SemanticVersion(text)).map { _ in .string(text) }
    case .timestamp: return (try? Timestamp(text)).map(Context.Value.timestamp)
    case .ip: return (try? IPAddress(text)).map { _ in .string(text) }
    case .list: return list(text)
    }
  }

  /// A JSON array of strings, or words with commas between.
  private static func list(_ text: String) -> Context.Value? {
    guard text.first == "[" else {
      return .list(text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    }
    guard let elements = (try? JSONValue(parsing: text))?.array else { return nil }
    let strings = elements.compactMap(\.string)
    return strings.count == elements.count ? .list(strings) : nil
  }

  /// The value that a JSON literal means, or else the text itself.
  private func literal(_ text: String) -> Context.Value {
    guard let value = try? JSONValue(parsing: text) else { return .string(text) }
    if let integer = value.integer { return .integer(integer) }
    if let number = value.number { return .number(number) }
    if let boolean = value.boolean { return .boolean(boolean) }
    if let string = value.string { return .string(string) }
    return Self.list(text) ?? .string(text)
  }
}

extension Context {
  /// Takes over all attributes of another context.
  mutating func take(_ other: Context) {
    for name in other.names { self[name] = other[name] }
  }
}

extension CommandError {
  /// A context that cannot be read.
  static func invalidContext(_ message: String) -> Self { .refused("invalid context: \(message)") }
}

extension FlagSource.AttributeType {
  /// The type in a sentence.
  fileprivate var noun: String {
    switch self {
    case .string: "text"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "Boolean: write true or false"
    case .version: "version, such as 2.1.0"
    case .timestamp: "instant, such as 2026-12-01T09:00:00Z"
    case .ip: "IP address"
    case .list: "list: write a,b or [\"a\",\"b\"]"
    }
  }
}
