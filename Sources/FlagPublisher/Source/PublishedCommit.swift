package import Ensign
package import Git

/// A commit as a manifest names it.
package struct PublishedCommit: Sendable {
  /// The commit, its tree and its branch.
  package let source: Manifest.Source
  /// The number of commits on the first-parent chain that leads to it.
  package let sequence: Int
  private let id: ObjectID

  /// The facts of a commit.
  ///
  /// - Parameters:
  ///   - revision: what names the commit, such as `HEAD` or `main`.
  ///   - reference: the full name of the branch that is published; nil takes the one that `revision` names.
  /// - Throws: with the code `repository` in a shallow clone, with `invalidRequest` when there is no branch.
  package init(
    _ revision: String, reference: String?, in repository: borrowing Repository
  ) throws(PublishingError) {
    let named: String?
    do throws(GitError) {
      let commit = try repository.commit(repository.resolve(revision))
      id = commit.id
      sequence = try repository.firstParentCount(to: commit.id)
      let own = reference == nil ? try repository.referenceName(of: revision) : nil
      named = reference ?? own
      source = Manifest.Source(
        commit: commit.id.description, tree: commit.tree.description, ref: named ?? "")
    } catch {
      throw PublishingError(error)
    }
    guard let named else {
      throw PublishingError(
        .invalidRequest, "'\(revision)' names no branch: HEAD is detached there, or it is an id",
        help: "name the branch whose history counts: --ref refs/heads/main")
    }
    let parts = named.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0] == "refs", parts.allSatisfy({ !$0.isEmpty }), named.utf8.count <= 1024 else {
      throw PublishingError(
        .invalidRequest, "'\(named)' is not the full name of a branch", help: "such as --ref refs/heads/main")
    }
  }

  /// Whether a commit is this one, or one before it.
  ///
  /// - Throws: with the code `repository` when the repository does not have that commit.
  package func follows(_ commit: String, in repository: borrowing Repository) throws(PublishingError) -> Bool {
    guard let older = ObjectID(hexadecimal: commit) else { return false }
    do throws(GitError) {
      return try repository.isAncestor(older, of: id)
    } catch {
      guard error.code == .missingObject else { throw PublishingError(error) }
      throw PublishingError(
        .repository, "the commit \(commit.prefix(12)), which was published last, is not in this repository",
        help: "fetch it: git fetch origin \(commit)",
        "if the branch was rewritten without it on purpose, begin a new epoch: ensign trust rotate --new-epoch")
    }
  }
}
