package import Ensign
internal import FlagHistory
internal import FlagImpact
package import FlagSource
internal import Git
internal import YAML

/// Judges a change by the policies of its base, so that no change loosens them for itself.
package struct PolicyReview: Sendable {
  /// The findings, in the order of environments and policies.
  package private(set) var findings: [Finding] = []
  /// The environments whose policy is another one afterwards.
  package private(set) var changedPolicies: [String] = []
  private let before: FlagsTree
  private let after: FlagsTree
  private let commits: [ReviewedCommit]
  private let moment: Timestamp
  private let prefix: String

  /// - Parameters:
  ///   - before: the base.
  ///   - after: what is judged; findings stand in its files.
  ///   - commits: of the change, newest first; none when nothing is committed.
  ///   - moment: the moment of the change, for freezes.
  ///   - prefix: what stands before the paths of the plan's positions.
  package init(
    from before: FlagsTree, to after: FlagsTree, commits: [ReviewedCommit], at moment: Timestamp, prefix: String
  ) {
    self.before = before
    self.after = after
    self.commits = commits
    self.moment = moment
    self.prefix = prefix
  }

  /// Judges all environments, and notes in the plan which need no approvals.
  package mutating func judge(_ plan: inout ReviewPlan) {
    for policy in before.manifest.policies {
      let index = plan.environments.firstIndex { $0.environment == policy.environment.value }
      judge(policy, index.map { plan.environments[$0] }, &plan, at: index)
    }
  }

  private mutating func judge(
    _ policy: Policy, _ environment: EnvironmentPlan?, _ plan: inout ReviewPlan, at index: Int?
  ) {
    let changesItself = !isSame(policy)
    if changesItself { changedPolicies.append(policy.environment.value) }
    for flag in environment?.flags ?? [] { judge(flag, policy) }
    let isChanged = environment?.flags.isEmpty == false
    guard isChanged || changesItself else { return }
    if changesItself, !isChanged, let freeze = policy.freezes.first(where: { $0.includes(moment) }) {
      let (file, range) = place(of: policy)
      findings.append(
        .frozenEnvironment(freeze, at: Site(file: file, environment: policy.environment.value), range))
    }
    judgeCommits(policy)
    guard let approvals = policy.approvals else { return }
    // A policy is never loosened by a verdict over flags.
    if !changesItself, let verdict = environment?.impact.verdict, let index, policy.approvesAutomatically(verdict) {
      plan.environments[index].autoApproval = verdict.words
      return
    }
    judge(approvals, policy)
  }

  // MARK: Flags

  private mutating func judge(_ flag: FlagPlan, _ policy: Policy) {
    let environment = policy.environment.value
    let key = flag.impact.key
    let (site, range) = place(of: flag, in: environment)
    if !flag.changes.isEmpty, let definition = after.definition(of: key), !definition.isArchived {
      if policy.requireOwner != nil, definition.owner == nil {
        findings.append(.unownedFlag(definition, environment: environment))
      }
      if let kind = definition.kind?.value, policy.requireExpiry.contains(where: { $0.value == kind }),
        definition.expires == nil
      {
        findings.append(.undatedFlag(definition, kind: kind, environment: environment))
      }
      if policy.requireTests != nil, !flag.isTested, !flag.isKill, flag.impact.verdict != .equivalent {
        findings.append(.untestedChange(definition, environment: environment, at: site, range))
      }
    }
    if let limit = policy.maxMove?.value, !flag.isKill { judge(flag, limit, at: site, range) }
    for freeze in policy.freezes where freeze.includes(moment) {
      if flag.isKill && freeze.exceptions.contains(.kill) { continue }
      if flag.changes.isEmpty && flag.impact.verdict == .equivalent { continue }
      findings.append(.frozenEnvironment(freeze, at: site, range))
    }
  }

  private mutating func judge(_ flag: FlagPlan, _ limit: Percentage, at site: Site, _ range: SourceRange) {
    let greatest = flag.greatestMove
    if let greatest, greatest.buckets > limit.buckets {
      findings.append(
        .excessiveMove(
          ImpactWords.share(greatest.buckets), of: greatest.movement.region.words, limit: limit, at: site, range))
    } else if !flag.impact.isComplete, limit.buckets < 100_000 {
      findings.append(.excessiveMove(nil, of: "", limit: limit, at: site, range))
    }
  }

  /// Where a flag was changed: the first place that the plan names, else its config, its definition, or the manifest.
  private func place(of flag: FlagPlan, in environment: String) -> (Site, SourceRange) {
    let key = flag.impact.key
    func site(_ file: FileReference) -> Site { Site(file: file, flag: key, environment: environment) }
    if let position = flag.changes.lazy.compactMap(\.positionAfter).first,
      position.file.hasPrefix(prefix),
      let file = after.files.file(at: String(position.file.dropFirst(prefix.count)))
    {
      let start = SourcePosition(line: UInt32(position.line), column: UInt32(position.column))
      return (site(file), SourceRange(start: start, end: start))
    }
    if let config = after.config(of: key, in: environment) { return (site(config.file), .wholeFile) }
    if let definition = after.definition(of: key) { return (site(definition.file), .wholeFile) }
    return (site(after.manifest.file), .wholeFile)
  }

  // MARK: Commits

  private mutating func judgeCommits(_ policy: Policy) {
    guard policy.signedCommits != nil else { return }
    let environment = policy.environment.value
    let (file, range) = place(of: policy)
    for commit in commits where commit.environments.contains(environment) && commit.signature.status != .good {
      let words = "\(commit.commit.id.description.prefix(10)) (\(commit.commit.subject))"
      let status = commit.signature.status
      let problem = commit.signature.reason ?? (status == .none ? "there is none" : status.rawValue)
      findings.append(.unsignedCommit(words, problem, environment: environment, at: file, range))
    }
  }

  private mutating func judge(_ approvals: Policy.Approvals, _ policy: Policy) {
    let environment = policy.environment.value
    let count = ApprovalCount(
      approvals, owners: before.manifest.owners, environment: environment, commits: commits)
    guard count.approvers.count < approvals.count else { return }
    let (file, range) = place(of: policy)
    findings.append(
      .missingApproval(
        count.approvers, of: approvals, environment: environment, rejected: count.rejected, at: file, range))
  }

  /// Where the manifest that is judged has the policy; its beginning when it has none any more.
  private func place(of policy: Policy) -> (FileReference, SourceRange) {
    let manifest = after.manifest
    return (manifest.file, manifest.policy(of: policy.environment.value)?.environment.range ?? .wholeFile)
  }

  // MARK: The policies themselves

  /// Whether a policy and the groups that it names are what they were.
  private func isSame(_ policy: Policy) -> Bool {
    guard let now = after.manifest.policy(of: policy.environment.value) else { return false }
    let groups = (policy.approvals?.groups ?? []).map(\.value)
    let isSameGroups = groups.allSatisfy { name in
      Set(before.manifest.owners[name]?.value.members ?? []) == Set(after.manifest.owners[name]?.value.members ?? [])
    }
    return isSameGroups && policy.says(the: now)
  }
}

extension Policy {
  /// Whether another policy says the same, wherever it stands.
  func says(the other: Policy) -> Bool {
    requireOwner?.value == other.requireOwner?.value && requireTests?.value == other.requireTests?.value
      && Set(requireExpiry.map(\.value)) == Set(other.requireExpiry.map(\.value))
      && maxMove?.value == other.maxMove?.value && Set(forbid.map(\.value)) == Set(other.forbid.map(\.value))
      && approvals?.count == other.approvals?.count
      && Set(approvals?.groups.map(\.value) ?? []) == Set(other.approvals?.groups.map(\.value) ?? [])
      && signedCommits?.value == other.signedCommits?.value
      && freezes.map { [$0.from.milliseconds, $0.until.milliseconds] }
        == other.freezes.map { [$0.from.milliseconds, $0.until.milliseconds] }
      && freezes.map(\.exceptions) == other.freezes.map(\.exceptions)
      && Set(autoApprove.map(\.value)) == Set(other.autoApprove.map(\.value))
  }

  /// Whether a change with this verdict needs no approvals.
  func approvesAutomatically(_ verdict: Verdict) -> Bool {
    autoApprove.contains { approval in
      switch approval.value {
      case .equivalent: verdict == .equivalent
      case .growsOnly: verdict == .growsOnly || verdict == .equivalent
      case .shrinksOnly: verdict == .shrinksOnly || verdict == .equivalent
      }
    }
  }

  /// The findings with those made errors that the policy forbids; one without an environment is in every one.
  package func forbidding(_ findings: [Finding]) -> [Finding] {
    findings.map { finding in
      guard finding.environment == nil || finding.environment == environment.value,
        forbid.contains(where: { $0.value.includes(finding) })
      else { return finding }
      var forbidden = finding
      forbidden.level = .error
      return forbidden
    }
  }
}
