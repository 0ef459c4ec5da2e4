internal import Ensign
internal import YAML

extension FileParser {
  /// A name: the scalar's own text, whatever the schema makes of it.
  mutating func text(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Located<String>? {
    guard node.kind == .scalar, node.withUTF8({ !$0.isEmpty }) else {
      report(.wrongType(wanted(), found: node, at: place(node)))
      return nil
    }
    reportIfAmbiguous(node)
    return Located(node.text, at: node.range)
  }

  /// A name of the form of keys.
  mutating func name(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Located<String>? {
    guard let text = text(node, orElse: wanted()) else { return nil }
    guard node.withUTF8({ KeyCharacters.problem(in: $0) }) == nil else {
      let subject = wanted().subject
      report(.invalidName(text.value, problem: KeyCharacters.problem(in: text.value), of: subject, at: place(node)))
      return nil
    }
    return text
  }

  /// A name in free words: no control characters, 128 bytes at most.
  mutating func label(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Located<String>? {
    guard let text = text(node, orElse: wanted()) else { return nil }
    if let problem = node.withUTF8({ KeyCharacters.problem(inLabel: $0) }) {
      report(.invalidLabel(text.value, problem: problem, of: wanted().subject, at: place(node)))
      return nil
    }
    return text
  }

  /// A text value: what the core schema reads as something else must be quoted.
  mutating func string(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Located<String>? {
    guard node.kind == .scalar, !node.isEmptyPlace else {
      report(.wrongType(wanted(), found: node, at: place(node)))
      return nil
    }
    guard node.value == .string else {
      report(.unquotedText(wanted().subject, found: node, at: place(node)))
      return nil
    }
    reportIfAmbiguous(node)
    return Located(node.text, at: node.range)
  }

  /// A text value whose place does not matter.
  mutating func prose(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> String? {
    string(node, orElse: wanted())?.value
  }

  /// A Boolean.
  mutating func boolean(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Located<Bool>? {
    guard case .bool(let value) = node.value else {
      report(.wrongType(wanted(), found: node, at: place(node)))
      return nil
    }
    return Located(value, at: node.range)
  }

  /// One of the words of an enumeration.
  mutating func word<Word: RawRepresentable<String> & CaseIterable>(
    _ node: Document.Node, _: Word.Type, orElse wanted: @autoclosure () -> Wanted
  ) -> Located<Word>? {
    guard let text = text(node, orElse: wanted()) else { return nil }
    guard let word = Word(rawValue: text.value) else {
      report(.unknownWord(text.value, of: wanted().subject, allowed: Word.allCases.map(\.rawValue), at: place(node)))
      return nil
    }
    return Located(word, at: node.range)
  }

  /// A percentage, a plain number of three decimals at most.
  mutating func percentage(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Located<Percentage>? {
    guard node.kind == .scalar, !node.isEmptyPlace else {
      report(.wrongType(wanted(), found: node, at: place(node)))
      return nil
    }
    guard node.style == .plain else {
      report(.invalidPercentage(node.text, of: wanted().subject, "it is quoted", at: place(node)))
      return nil
    }
    do throws(GrammarError) {
      return Located(try Percentage(node.text), at: node.range)
    } catch {
      report(.invalidPercentage(node.text, of: wanted().subject, error.message, at: place(node)))
      return nil
    }
  }

  /// An instant.
  mutating func timestamp(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Located<Timestamp>? {
    guard node.kind == .scalar, !node.isEmptyPlace else {
      report(.wrongType(wanted(), found: node, at: place(node)))
      return nil
    }
    do throws(GrammarError) {
      return Located(try Timestamp(node.text), at: node.range)
    } catch {
      report(.invalidTime(node.text, of: wanted().subject, error.message, at: place(node)))
      return nil
    }
  }

  /// A day.
  mutating func date(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Located<CalendarDate>? {
    guard node.kind == .scalar, !node.isEmptyPlace else {
      report(.wrongType(wanted(), found: node, at: place(node)))
      return nil
    }
    guard let date = CalendarDate(text: node.text) else {
      report(.invalidDate(node.text, of: wanted().subject, at: place(node)))
      return nil
    }
    return Located(date, at: node.range)
  }

  /// Warns of a scalar that readers of YAML 1.1 take for another value.
  mutating func reportIfAmbiguous(_ node: Document.Node) {
    guard node.style == .plain, node.withUTF8({ AmbiguousScalar.mayBeOne($0) }) else { return }
    guard let reading = AmbiguousScalar.reading(of: node.text) else { return }
    report(.ambiguousScalar(node.text, reading: reading, at: place(node)))
  }
}

extension Document.Node {
  /// Whether nothing is written here, as after `key:`.
  var isEmptyPlace: Bool { kind == .scalar && style == .plain && withUTF8 { $0.isEmpty } }
}
