/// Every rule. A new rule is a file in `Rules/` and a line here; the tests hold the two together.
package enum RuleRegistry {
  /// The rules in ascending order of their codes, `E` before `I` before `W`.
  package static let all: [Rule] = [
    .unreadableFile,
    .invalidText,
    .invalidYAML,
    .emptyFile,
    .excessiveFile,
    .duplicateKey,
    .unsupportedYAML,
    .symbolicLink,
    .folderNamedYAML,
    .misplacedFile,
    .wrongExtension,
    .missingManifest,
    .unknownKey,
    .missingKey,
    .wrongType,
    .invalidName,
    .unknownWord,
    .unknownOperator,
    .inapplicableOperator,
    .invalidOperand,
    .unquotedText,
    .invalidPercentage,
    .incompleteSplit,
    .brokenRanges,
    .impossibleRamp,
    .ambiguousServe,
    .emptyCondition,
    .invalidTime,
    .invalidVersion,
    .invalidAddress,
    .invalidPattern,
    .numberOutOfRange,
    .unsupportedFormat,
    .unknownEnvironmentFolder,
    .variantOfAnotherType,
    .misplacedKey,
    .repeatedName,
    .reservedName,
    .unenforcedPolicy,
    .emptyPeriod,
    .unclearExpectation,
    .excessiveMatrix,
    .unreadableInclude,
    .invalidKeyLine,
    .impossibleContext,
    .ambiguousScalar,
  ]

  /// The rule of that code or name.
  package static func rule(_ codeOrName: String) -> Rule? {
    all.first { $0.code.description == codeOrName || $0.name == codeOrName }
  }
}
