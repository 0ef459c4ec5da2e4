internal import Ensign
internal import YAML

extension FileParser {
  /// A constant that an attribute of a type is compared with.
  ///
  /// With an unknown type it is kept as YAML's schema reads it: that the attribute is unknown is somebody else's finding.
  mutating func operand(_ node: Document.Node, of attribute: String, _ type: AttributeType?) -> Located<Operand>? {
    guard let type else { return untypedOperand(node) }
    guard node.kind == .scalar, !node.isEmptyPlace else {
      report(.invalidOperand(node, attribute: attribute, type: type, at: place(node)))
      return nil
    }
    let operand: Operand? =
      switch type {
      case .string, .list:
        string(node, orElse: Wanted("a value of \(attribute.quoted)", "a text")).map { .string($0.value) }
      case .integer: number(node, of: attribute, type)
      case .number: number(node, of: attribute, type)
      case .boolean: booleanOperand(node, of: attribute)
      case .version: version(node)
      case .timestamp:
        timestamp(node, orElse: Wanted("a value of \(attribute.quoted)", "a moment")).map { .timestamp($0.value) }
      case .ip: address(node)
      }
    return operand.map { Located($0, at: node.range) }
  }

  /// A network.
  mutating func network(_ node: Document.Node, of attribute: String) -> Located<Operand>? {
    guard node.kind == .scalar, !node.isEmptyPlace else {
      report(.invalidOperand(node, attribute: attribute, type: .ip, at: place(node)))
      return nil
    }
    do throws(GrammarError) {
      return Located(.network(try IPNetwork(node.text)), at: node.range)
    } catch {
      report(.invalidNetwork(node.text, error.message, at: place(node)))
      return nil
    }
  }

  /// A regular expression.
  mutating func pattern(_ node: Document.Node, of attribute: String) -> Located<Operand>? {
    guard
      let text = string(
        node, orElse: Wanted("the pattern for \(attribute.quoted)", "a text", example: "\"^u-[0-9]+$\""))
    else { return nil }
    do throws(GrammarError) {
      if !goodPatterns.contains(text.value) {
        _ = try RegularExpression(text.value)
        goodPatterns.insert(text.value)
      }
      return Located(.pattern(text.value), at: node.range)
    } catch {
      report(.invalidPattern(text.value, error.message, at: place(node)))
      return nil
    }
  }

  private func untypedOperand(_ node: Document.Node) -> Located<Operand>? {
    let operand: Operand? =
      switch (node.kind, node.value) {
      case (.scalar, .string): .string(node.text)
      case (.scalar, .bool(let value)): .boolean(value)
      case (.scalar, .integer(let value)): .integer(value)
      case (.scalar, .number(let value)): .number(value)
      default: nil
      }
    return operand.map { Located($0, at: node.range) }
  }

  private mutating func number(_ node: Document.Node, of attribute: String, _ type: AttributeType) -> Operand? {
    reportIfAmbiguousNumber(node)
    switch node.value {
    case .integer(let value):
      if type == .integer {
        guard JSONValue.integers.contains(value) else { break }
        return .integer(value)
      }
      return .number(Double(value))
    case .number(let value):
      guard value.isFinite, type == .number || value.rounded() != value || abs(value) < 0x1p53 else { break }
      if type == .number { return .number(value) }
      report(.invalidOperand(node, attribute: attribute, type: type, at: place(node)))
      return nil
    default:
      report(.invalidOperand(node, attribute: attribute, type: type, at: place(node)))
      return nil
    }
    report(.numberOutOfRange(node.text, at: place(node)))
    return nil
  }

  private mutating func booleanOperand(_ node: Document.Node, of attribute: String) -> Operand? {
    guard case .bool(let value) = node.value else {
      report(.invalidOperand(node, attribute: attribute, type: .boolean, at: place(node)))
      return nil
    }
    return .boolean(value)
  }

  private mutating func version(_ node: Document.Node) -> Operand? {
    do throws(GrammarError) {
      return .version(try SemanticVersion(node.text))
    } catch {
      report(.invalidVersion(node.text, error.message, at: place(node)))
      return nil
    }
  }

  private mutating func address(_ node: Document.Node) -> Operand? {
    do throws(GrammarError) {
      return .address(try IPAddress(node.text))
    } catch {
      report(.invalidAddress(node.text, error.message, at: place(node)))
      return nil
    }
  }

  /// Warns of a number with leading zeros, which readers of YAML 1.1 take for octal.
  mutating func reportIfAmbiguousNumber(_ node: Document.Node) {
    guard node.style == .plain, case .integer(let value) = node.value else { return }
    let hasLeadingZero = node.withUTF8 { text in
      let digits = text.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
      return digits.count > 1 && digits.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
        && digits.first == UInt8(ascii: "0")
    }
    if hasLeadingZero { report(.ambiguousNumber(node.text, value: "\(value)", at: place(node))) }
  }
}
