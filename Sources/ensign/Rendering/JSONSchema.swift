internal import Ensign
internal import FlagSource

/// JSON Schemas (draft 2020-12) of the files of a tree, made from the shapes by which the parser reads them.
enum JSONSchema {
  /// The schema of one kind of file.
  static func document(of file: FileShape) -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.member("$schema", "https://json-schema.org/draft/2020-12/schema")
    json.member("title", file.path.description)
    write(file.value, to: &json)
    json.key("$defs")
    json.beginObject()
    for definition in FileShape.definitions {
      json.key(definition.name)
      schema(definition.value, to: &json)
    }
    json.endObject()
    json.endObject()
    return json.bytes + [0x0A]
  }

  private static func schema(_ shape: ValueShape, to json: inout CanonicalJSON) {
    json.beginObject()
    write(shape, to: &json)
    json.endObject()
  }

  /// Writes the members of a shape's schema.
  private static func write(_ shape: ValueShape, to json: inout CanonicalJSON) {
    switch shape {
    case .text: json.member("type", "string")
    case .name: writeName(to: &json)
    case .word(let words): json.member("enum", words)
    case .boolean: json.member("type", "boolean")
    case .constant(let number): json.member("const", number)
    case .whole(let least, let greatest):
      json.member("type", "integer")
      json.member("minimum", least)
      json.member("maximum", greatest)
    case .percentage:
      json.member("type", "number")
      json.member("minimum", 0)
      json.member("maximum", 100)
    case .timestamp:
      json.member("type", "string")
      json.member("format", "date-time")
      json.member("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}")
    case .date:
      json.member("type", "string")
      json.member("format", "date")
      json.member("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    case .scalar: json.member("type", ["string", "number", "boolean"])
    case .json: break
    case .list(let element, let minimum):
      writeList(of: element, minimum: minimum, maximum: nil, to: &json)
    case .pair(let element):
      writeList(of: element, minimum: 2, maximum: 2, to: &json)
    case .mapping(let mapping): write(mapping, to: &json)
    case .dictionary(let element, let minimum):
      json.member("type", "object")
      json.key("additionalProperties")
      schema(element, to: &json)
      if minimum > 0 { json.member("minProperties", minimum) }
    case .either(let shapes):
      json.key("anyOf")
      json.beginArray()
      for shape in shapes { schema(shape, to: &json) }
      json.endArray()
    case .reference(let name): json.member("$ref", "#/$defs/\(name)")
    }
  }

  /// A name is what stands there, also where YAML sees a number or a Boolean: `1.0` or `true`.
  private static func writeName(to json: inout CanonicalJSON) {
    json.member("type", ["string", "number", "boolean"])
    json.member("pattern", "^[A-Za-z0-9][A-Za-z0-9._-]*$")
    json.member("maxLength", KeyCharacters.greatestLength)
  }

  private static func writeList(
    of element: ValueShape, minimum: Int, maximum: Int?, to json: inout CanonicalJSON
  ) {
    json.member("type", "array")
    json.key("items")
    schema(element, to: &json)
    if minimum > 0 { json.member("minItems", minimum) }
    if let maximum { json.member("maxItems", maximum) }
  }

  private static func write(_ mapping: MappingShape, to json: inout CanonicalJSON) {
    json.member("type", "object")
    json.key("properties")
    json.beginObject()
    for (name, key) in mapping.keys {
      json.key(name)
      json.beginObject()
      json.member("description", key.summary.description)
      write(key.value, to: &json)
      json.endObject()
    }
    json.endObject()
    let required = mapping.keys.filter(\.shape.isRequired).map(\.name)
    if !required.isEmpty { json.member("required", required) }
    json.key("additionalProperties")
    if let others = mapping.others { schema(others, to: &json) } else { json.append(false) }
    if !mapping.exactlyOne.isEmpty { writeChoices(mapping.exactlyOne, to: &json) }
  }

  private static func writeChoices(_ choices: [[String]], to json: inout CanonicalJSON) {
    json.key("allOf")
    json.beginArray()
    for keys in choices {
      json.beginObject()
      json.key("oneOf")
      json.beginArray()
      for key in keys {
        json.beginObject()
        json.member("required", [key])
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
  }
}
