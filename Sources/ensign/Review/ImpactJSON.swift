internal import Ensign
internal import FlagHistory
internal import FlagImpact
internal import FlagReview

/// The members in which `check` and `diff --impact` tell who is affected.
enum ImpactJSON {
  /// The members of a flag's `impact`, below `path`.
  static func fields(_ path: String) -> [JSONField] {
    [
      JSONField(path + "verdict", "equivalent, growsOnly, shrinksOnly, mixed, or undecided"),
      JSONField(
        path + "exact", "whether all is counted and settled; otherwise some numbers are averages, or notes say more"),
      JSONField(path + "largestMove", "the greatest part of a group that moves, in percent"),
      JSONField(path + "cells[].when", "a group of contexts in words; the groups are disjoint, and all others stay"),
      JSONField(path + "cells[].possibly", "whether it is not proven that there are such contexts"),
      JSONField(
        path + "cells[].preempts", "the rule that another one now takes contexts from; absent where there is none"),
      JSONField(path + "cells[].moves[].from", "the variant before"),
      JSONField(path + "cells[].moves[].to", "the variant afterwards; the same when its value changed"),
      JSONField(
        path + "cells[].moves[].buckets", "how many of 100,000 hash values move so; an average where `exact` is false"),
      JSONField(path + "cells[].moves[].exact", "whether they are counted"),
      JSONField(
        path + "cells[].moves[].witness.*",
        "a context that moves so, re-run through the evaluator; absent where none was found"),
      JSONField(path + "cells[].moves[].now", "the moment at which it does"),
      JSONField(
        path + "cells[].moves[].bucket", "the hash value that was forced, where no targeting key was found for it"),
      JSONField(path + "cells[].moves[].note", "why there is no context, or only one with a forced bucket"),
      JSONField(path + "later[].from", "a later moment from which something else moves"),
      JSONField(path + "later[].until", "until when; absent for ever"),
      JSONField(path + "later[].sampled", "whether a ramp is on its way, so that the numbers are those of one moment"),
      JSONField(path + "later[].cells[]", "as above"),
      JSONField(path + "excesses[].because", "a rule's name, or otherwise, that moves more than it has to"),
      JSONField(path + "excesses[].moved", "how many of 100,000 move"),
      JSONField(path + "excesses[].unavoidable", "how many have to"),
      JSONField(path + "excesses[].cause", "shifted (variants lie end to end) or redealt (another seed or attribute)"),
      JSONField(path + "excesses[].ranges[].variant", "the variant of a range of the allocation that moves no more"),
      JSONField(path + "excesses[].ranges[].from", "its first hash value"),
      JSONField(path + "excesses[].ranges[].to", "the first one behind it"),
      JSONField(path + "limitations[]", "what the analysis could not settle"),
      JSONField(path + "disagreements[]", "defects of ensign, to be reported"),
    ]
  }
}

extension CanonicalJSON {
  /// Writes a flag's `impact`.
  mutating func member(_ name: String, _ flag: FlagPlan) {
    let impact = flag.impact
    let transitions = (impact.movements + impact.later.flatMap(\.movements)).flatMap(\.transitions)
    object(name) { json in
      json.member("verdict", impact.verdict.rawValue)
      json.member("exact", impact.isComplete && transitions.allSatisfy { $0.isExact })
      json.member("largestMove", .number(Double(flag.greatestMove?.buckets ?? 0) / 1000))
      json.append(cells: impact.movements)
      if !impact.later.isEmpty { json.array("later", impact.later) { $0.append($1) } }
      if !impact.excesses.isEmpty { json.array("excesses", impact.excesses) { $0.append($1) } }
      if !impact.limitations.isEmpty { json.member("limitations", impact.limitations) }
      if !impact.disagreements.isEmpty { json.member("disagreements", impact.disagreements) }
    }
  }

  private mutating func append(cells movements: [Movement]) {
    array("cells", movements) { json, movement in
      json.object { json in
        json.member("when", movement.region.words)
        if movement.isPossibleOnly { json.member("possibly", true) }
        json.memberIfAny("preempts", movement.preemption?.preempted)
        json.array("moves", movement.transitions) { $0.append($1) }
      }
    }
  }

  private mutating func append(_ transition: Transition) {
    object { json in
      json.member("from", transition.before.variant)
      json.member("to", transition.after.variant)
      switch transition.measure {
      case .exact(let buckets): json.member("buckets", buckets)
      case .expected(let buckets): json.member("buckets", .number((buckets * 1000).rounded() / 1000))
      }
      json.member("exact", transition.isExact)
      if let witness = transition.witness {
        json.object("witness") { json in
          for attribute in witness.attributes { json.member(attribute.name, attribute.value.json) }
        }
        json.member("now", witness.now.description)
        if let bucket = witness.forcedBucket { json.member("bucket", bucket) }
      }
      json.memberIfAny("note", transition.note)
    }
  }

  private mutating func append(_ later: LaterImpact) {
    object { json in
      json.member("from", later.from.description)
      json.memberIfAny("until", later.until?.description)
      json.member("sampled", later.isSampled)
      json.append(cells: later.movements)
    }
  }

  private mutating func append(_ excess: ExcessMovement) {
    object { json in
      json.member("because", excess.place.name)
      json.member("moved", excess.moved)
      json.member("unavoidable", excess.unavoidable)
      json.member("cause", excess.cause.rawValue)
      json.array("ranges", excess.ranges) { json, range in
        json.object { json in
          json.member("variant", range.variant)
          json.member("from", range.from)
          json.member("to", range.to)
        }
      }
    }
  }
}

extension Transition {
  /// Whether it was counted.
  fileprivate var isExact: Bool { if case .exact = measure { true } else { false } }
}

extension Context.Value {
  /// The value as a context in JSON has it.
  fileprivate var json: JSONValue {
    switch self {
    case .string(let text): .string(text)
    case .integer(let number): .integer(number)
    case .number(let number): .number(number)
    case .boolean(let value): .boolean(value)
    case .list(let texts): .array(texts.map(JSONValue.string))
    case .timestamp(let instant): .string(instant.description)
    }
  }
}
