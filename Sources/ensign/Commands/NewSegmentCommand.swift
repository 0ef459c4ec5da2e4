internal import FlagHistory
internal import FlagSource

/// `ensign new segment KEY`.
struct NewSegmentCommand: EditingBody {
  var description: String?
  var keys: [String] = []
  var folder: String?
  var editing = EditOptions()

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let key = operands[0]
    let loaded = try session.load()
    let known = loaded.tree.segments.map { ($0.key, loaded.shownPath(of: $0.file)) }
    try Scaffold.check(key, of: "segment", among: known)
    let text =
      (description.map { "description: \(Scaffold.quoted($0))\n" } ?? "")
      + "include: [\(keys.map(Scaffold.quoted).joined(separator: ", "))]\n"
    try Scaffold.write(
      [("segments/" + Scaffold.place(folder, key), text)], of: .segment(key), headline: "Add the segment \(key)",
      editing,
      in: loaded.location, session)
    session.summary("next: say who is in it (include, exclude, includeFrom, when), then ensign validate")
    return .done
  }
}

extension Command {
  static let newSegment = Command(
    "new segment", NewSegmentCommand(), group: .author, summary: "Make the file of a new segment.",
    operands: [CommandOperand("KEY", help: "the segment's key")],
    options: [
      .value("description", "TEXT", \.description, help: "who is in it"),
      .values("include", "KEY", \.keys, help: "a targeting key that is in it; repeatable"),
      .value("folder", "PATH", \.folder, help: "the folder below segments/, such as people"),
    ] + EditOptions.declarations(for: NewSegmentCommand.self),
    examples: [("new segment beta-testers --include user-1", "a segment with one targeting key")])
}
