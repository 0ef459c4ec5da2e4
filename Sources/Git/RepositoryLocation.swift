/// Where a repository is that is open already, for another thread to open it, too.
package struct RepositoryLocation: Sendable {
  private let gitDirectory: String
  private let verifiesObjects: Bool
  private let packs: [Pack]

  /// Of an open repository, whose packs are in memory once then, however many threads read them.
  package init(of repository: borrowing Repository) {
    gitDirectory = repository.gitDirectory
    verifiesObjects = repository.verifiesObjects
    packs = repository.packs.packs
  }

  /// Opens it for the thread that calls.
  package func open() throws(GitError) -> Repository {
    let repository = try Repository(gitDirectory: gitDirectory, verifiesObjects: verifiesObjects)
    repository.packs.share(packs)
    return repository
  }
}
