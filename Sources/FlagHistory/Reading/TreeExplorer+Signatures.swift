package import Git

extension TreeExplorer {
  /// What the signature of a commit is worth.
  package func signature(of commit: Commit) throws(GitError) -> CommitSignature {
    let object = SignedCommit(object: try repository.bytes(ofCommit: commit.id))
    return try CommitSignature(of: object, at: commit.committer.seconds) { () throws(GitError) in
      try signers(before: commit)
    }
  }

  /// The allowed-signers file of the first parent.
  private func signers(before commit: Commit) throws(GitError) -> AllowedSigners.Reading {
    guard let parent = commit.parents.first else {
      return .absent(reason: "this is a first commit: no parent says whose keys are allowed")
    }
    guard try !repository.shallowBoundary().contains(commit.id) else {
      return .absent(reason: "the parent, which says whose keys are allowed, is not here (a shallow clone)")
    }
    let path = AllowedSigners.path
    guard let entry = try repository.entry(at: path, inTree: repository.header(ofCommit: parent).tree) else {
      return .absent(reason: "the parent has no \(path)")
    }
    guard entry.kind == .blob || entry.kind == .executable else {
      return .absent(reason: "the parent's \(path) is no file")
    }
    if let known = allowedSigners.value(for: entry.id) { return known }
    let reading: AllowedSigners.Reading = try repository.withBlob(entry.id) { bytes in
      bytes.count <= AllowedSigners.greatestSize
        ? .found(AllowedSigners(Array(bytes)))
        : .absent(reason: "the parent's \(path) has more than \(AllowedSigners.greatestSize) bytes")
    }
    allowedSigners.remember(reading, for: entry.id)
    return reading
  }
}
