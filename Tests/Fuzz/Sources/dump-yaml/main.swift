import Glibc
import YAML

// Reads YAML files by the names given as operands and writes one JSON array a line for each: the nodes in order as
// [kind, style, line, column, text, value], or the codes of the errors as strings.

/// The bytes of a file, or nothing where it cannot be read.
func read(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
  return bytes
}

func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\\(scalar)"
    case "\0"..<" ":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

func describe(_ value: CoreScalar) -> String {
  switch value {
  case .null: "null"
  case .bool(let bool): "\(bool)"
  case .integer(let integer): quoted("integer \(integer)")
  case .number(let number): quoted("number \(number)")
  case .string: quoted("string")
  }
}

func nodes(_ node: Document.Node) -> [String] {
  let place = "\(node.range.start.line),\(node.range.start.column)"
  let own =
    "[\"\(node.kind)\",\"\(node.style)\",\(place),\(quoted(node.text)),\(describe(node.value)),\(node.count)]"
  return [own] + node.elements.flatMap(nodes) + node.entries.flatMap { nodes($0.key) + nodes($0.value) }
}

for path in CommandLine.arguments.dropFirst() {
  let (document, errors) = Document.parse(read(path))
  let items = errors.isEmpty ? document.map { nodes($0.root) } ?? [] : errors.map { quoted($0.code.rawValue) }
  print("[" + items.joined(separator: ",") + "]")
}
