extension Rule {
  static let crowdedFolder = Rule(
    code: "I004", name: "crowded-folder", level: .information,
    summary: "A folder holds more than 1,000 files.",
    explanation: """
      Git reads a folder's whole list of files for every commit that it looks at, so the history of one flag among \
      10,000 in one folder takes forty times as long as among 500. Sort the files into sub-folders, one a team for \
      instance: they are no part of a key.
      """,
    badExample: Example(Self.segments { "segments/list-\($0).yaml" }),
    goodExample: Example(Self.segments { "segments/\($0 % 10)/list-\($0).yaml" }),
    check: .tree { facts, _, findings in
      for (folder, (first, count)) in folders(of: facts.tree.files).sorted(by: { $0.value.first < $1.value.first })
      where count > 1_000 {
        findings.add(.crowdedFolder(String(folder), count, Site(file: first)))
      }
    })

  /// More files than a folder should hold.
  private static func segments(_ path: (Int) -> String) -> [(path: String, text: String)] {
    (1...1_001).map { (path($0), "description: A list.\ninclude: [user-\($0)]\n") }
  }

  private static func folders(of files: FileTable) -> [Substring: (first: FileReference, count: Int)] {
    var folders: [Substring: (first: FileReference, count: Int)] = [:]
    for (index, path) in files.paths.enumerated() {
      let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[..<$0] } ?? ""
      folders[folder, default: (FileReference(index: index), 0)].count += 1
    }
    return folders
  }
}

extension Finding {
  fileprivate static func crowdedFolder(_ folder: String, _ count: Int, _ site: Site) -> Finding {
    site.finding(
      .crowdedFolder, "folder \(folder.quoted) holds \(count) files",
      help: "sort them into sub-folders of a few hundred, which are no part of a key", at: .wholeFile)
  }
}
