internal import Ensign
internal import FlagCompiler
internal import FlagHistory
internal import FlagImpact
internal import FlagReview
internal import FlagSource
internal import Git

/// A change, from the newest commit that it has in common with what it will be merged into.
struct BaseComparison {
  /// The commit that the change is compared with.
  let base: ObjectID
  /// The commit that is reviewed, or that the working tree is based on.
  let head: ObjectID
  /// The newest commit of what it will be merged into.
  private let target: ObjectID
  private let explorer: TreeExplorer
  private let files: CommitFiles?
  private let isWorkingTree: Bool

  /// What came out of a comparison.
  struct Result {
    /// Nil when one of the trees has errors.
    var plan: ReviewPlan?
    /// What the policies have against the change.
    var findings: [Finding] = []
    /// Flags that take the key of an old one; comments may take them back.
    var reusedKeys: [Finding] = []
    var scope: FindingScope
    /// The policies that were applied.
    var policies: [Policy] = []
    var conflicts: [BranchConflict]?
    var notes: [String] = []
  }

  init(_ base: String, _ request: ReviewRequest, in session: Session) throws(CommandError) {
    let found = try FoundRepository(in: session)
    isWorkingTree = request.revision == nil
    if isWorkingTree, !found.hasWorkingTree {
      throw .usage(
        "the flags tree is not one of the repository \(found.top)", help: "name a commit of it with --rev, such as HEAD"
      )
    }
    head = try found.resolve(request.revision ?? "HEAD")
    target = try found.resolve(base)
    let (target, head) = (target, head)
    self.base = try found.withRepository { (repository) throws(GitError) in try repository.mergeBase(target, head) }
    let id = self.base
    session.detail("\(base) and \(request.revision ?? "HEAD") have the commit \(id) in common")
    let folder = found.folder
    let hasTree = try found.withRepository { (repository) throws(GitError) in
      try repository.entry(at: folder, inTree: repository.header(ofCommit: id).tree)?.kind == .tree
    }
    files = hasTree ? try CommitSource(id, of: found).files : nil
    explorer = found.explorer()
  }

  /// Compares the base with a tree that was read.
  func result(
    against validation: Validation, compiledTo compiled: [CompiledEnvironment], _ request: ReviewRequest,
    in session: Session
  ) throws(CommandError) -> Result {
    let location = TreeLocation(explorer.folder, inCommitOf: "")
    guard let files else {
      let nothing = Report(findings: [], files: FileTable(sorted: []), bytes: { _ in nil })
      var result = Result(scope: FindingScope(files: Set(validation.files.paths), plan: nil, base: nothing))
      result.notes = ["the base has no flags tree: everything is new"]
      return result
    }
    let before = try session.validation(of: files, location)
    var plan: ReviewPlan?
    var notes: [String] = []
    if let old = before.checked, let new = validation.checked {
      plan = try Self.plan(old, new, compiled, request, prefix: location.pathPrefix, in: session)
    } else {
      let side = validation.checked == nil ? "the tree has errors" : "the base \(base) has errors"
      notes.append("\(side): who is affected cannot be told, and policies are not applied")
    }
    let touched = try withGit { () throws(GitError) in try touchedFiles() }
    var result = Result(
      plan: plan, scope: FindingScope(files: touched, plan: plan, base: Report(before)), notes: notes)
    if var plan, let old = before.checked?.tree, let new = validation.checked?.tree {
      result.policies = old.manifest.policies
      result.findings = try judge(&plan, old, new, request, prefix: location.pathPrefix, notes: &result.notes)
      result.plan = plan
      result.reusedKeys = try reusedKeys(from: old, to: new, notes: &result.notes)
    }
    if request.findsConflicts, let plan { result.conflicts = try conflicts(of: plan) }
    return result
  }

  private static func plan(
    _ old: CheckedTree, _ new: CheckedTree, _ compiled: [CompiledEnvironment], _ request: ReviewRequest, prefix: String,
    in session: Session
  ) throws(CommandError) -> ReviewPlan {
    do throws(CompilationError) {
      return try Progress.during("ensign: comparing …", in: session) { () throws(CompilationError) in
        try ReviewPlan(
          from: old, to: new, compiledTo: compiled,
          ReviewPlan.Comparison(moment: request.moment, population: request.population, prefix: prefix))
      }
    } catch {
      throw .compilation(error)
    }
  }

  /// The files that differ from the base, those that nobody has committed yet among them.
  private func touchedFiles() throws(GitError) -> Set<String> {
    var paths = try TouchedFiles.paths(
      from: explorer.flagsTree(in: explorer.repository.header(ofCommit: base).tree),
      to: explorer.flagsTree(in: explorer.repository.header(ofCommit: head).tree), in: explorer.repository)
    paths.formUnion(try uncommittedFiles())
    return paths
  }

  private func uncommittedFiles() throws(GitError) -> [String] {
    guard isWorkingTree else { return [] }
    let prefix = explorer.folder.isEmpty ? "" : explorer.folder + "/"
    return try explorer.repository.changedFiles(below: explorer.folder).compactMap { path in
      path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : nil
    }
  }

  private func judge(
    _ plan: inout ReviewPlan, _ old: FlagsTree, _ new: FlagsTree, _ request: ReviewRequest, prefix: String,
    notes: inout [String]
  ) throws(CommandError) -> [Finding] {
    if old.manifest.policies.isEmpty { return [] }
    let (commits, uncommitted) = try withGit { () throws(GitError) in
      (try ReviewedCommit.commits(from: head, notIn: target, explorer), try uncommittedFiles().count)
    }
    if uncommitted > 0 {
      let files = "\(Plural.of(uncommitted, "file")) \(uncommitted == 1 ? "is" : "are")"
      notes.append("approvals and signatures are those of the commits; \(files) in none yet")
    }
    var review = PolicyReview(from: old, to: new, commits: commits, at: request.moment, prefix: prefix)
    review.judge(&plan)
    for environment in review.changedPolicies {
      notes.append("the policy of \(environment) is changed; what counts for this change is the one of the base")
    }
    return review.findings
  }

  private func reusedKeys(
    from old: FlagsTree, to new: FlagsTree, notes: inout [String]
  ) throws(CommandError) -> [Finding] {
    let unseen = ReusedKeys.unseenCount(from: old, to: new)
    if unseen > 0 {
      notes.append("whether \(Plural.of(unseen, "new flag")) had the key of an old one was not looked into")
    }
    return try withGit { () throws(GitError) in
      try ReusedKeys.findings(from: old, to: new) { key throws(GitError) in
        var log = try FlagLog(from: base, explorer, within: HistoryScope(flag: key))
        return try log.next().map { "was removed in \($0.commit.id.description.prefix(10))" }
      }
    }
  }

  private func conflicts(of plan: ReviewPlan) throws(CommandError) -> [BranchConflict] {
    let keys = Set(plan.environments.flatMap(\.flags).filter { !$0.changes.isEmpty }.map(\.impact.key))
    return try withGit { () throws(GitError) in
      try BranchConflict.find(keys, head: head, besides: [head, target, base], explorer)
    }
  }

  private func withGit<Value>(_ body: () throws(GitError) -> Value) throws(CommandError) -> Value {
    do throws(GitError) {
      return try body()
    } catch {
      throw .git(error)
    }
  }
}
