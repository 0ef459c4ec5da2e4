/// What a file is in its tree, by its path alone.
///
/// It is one byte, as there is one for each of hundreds of thousands of files.
enum FileRole {
  case manifest
  case definition
  case config
  case segment
  case tests
  /// No file of the language: a README, a list of keys.
  case other
  /// A file with the extension in other letters, `.yml` or `.YAML`.
  case wrongExtension
  /// A YAML file where none is read.
  case misplaced

  /// The role of the file at `path`.
  init(_ path: [UInt8]) {
    let slash = UInt8(ascii: "/")
    guard let firstSlash = path.firstIndex(of: slash) else {
      self = path.elementsEqual("ensign.yaml".utf8) ? .manifest : Self.role(ofOther: path)
      return
    }
    guard path.hasSuffix(".yaml") else {
      self = Self.role(ofOther: path)
      return
    }
    let top = path[..<firstSlash]
    if top.elementsEqual("environments".utf8) {
      self = path[(firstSlash + 1)...].contains(slash) ? .config : .misplaced
    } else if top.elementsEqual("definitions".utf8) {
      self = .definition
    } else if top.elementsEqual("segments".utf8) {
      self = .segment
    } else if top.elementsEqual("tests".utf8) {
      self = .tests
    } else {
      self = .misplaced
    }
  }

  private static func role(ofOther path: [UInt8]) -> FileRole {
    if path.hasSuffix(".yaml") { return .misplaced }
    let ending = path.suffix(5).map { $0 | 0x20 }
    let isYAML = ending.elementsEqual(".yaml".utf8.map { $0 | 0x20 })
    return isYAML || ending.suffix(4).elementsEqual(".yml".utf8.map { $0 | 0x20 }) ? .wrongExtension : .other
  }

  /// The environment's name in the path of a config: that of the folder in `environments`.
  static func environment(of path: [UInt8]) -> ArraySlice<UInt8> {
    path.dropFirst("environments/".utf8.count).prefix { $0 != UInt8(ascii: "/") }
  }

  /// The file's name without folders and `.yaml`: the key of a flag or segment.
  static func key(of path: [UInt8]) -> String {
    let start = (path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    return String(decoding: path[start..<max(start, path.count - 5)], as: UTF8.self)
  }

  /// The folders that hold the language's files.
  static let folders = ["definitions", "environments", "segments", "tests"]
}
