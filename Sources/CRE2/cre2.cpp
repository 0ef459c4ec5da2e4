#include "cre2.h"

#include <re2/re2.h>

#include <new>

struct ensign_re2 {
  re2::RE2 expression;

  ensign_re2(re2::StringPiece pattern, const re2::RE2::Options &options) : expression(pattern, options) {}
};

ensign_re2 *ensign_re2_compile(const char *pattern, size_t length, bool ignore_case) {
  try {
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingUTF8);
    options.set_log_errors(false);
    // Program and DFA caches together. A pattern that needs more is refused or falls back to the slower NFA, both
    // still linear in the text.
    options.set_max_mem(1 << 20);
    options.set_case_sensitive(!ignore_case);
    // Only whether there is a match is ever asked.
    options.set_never_capture(true);
    return new (std::nothrow) ensign_re2(re2::StringPiece(pattern, length), options);
  } catch (...) {
    return nullptr;
  }
}

const char *ensign_re2_error(const ensign_re2 *pattern) {
  return pattern->expression.ok() ? nullptr : pattern->expression.error().c_str();
}

bool ensign_re2_matches(const ensign_re2 *pattern, const char *text, size_t length) {
  const re2::StringPiece piece(text, length);
  return pattern->expression.Match(piece, 0, length, re2::RE2::UNANCHORED, nullptr, 0);
}

void ensign_re2_free(ensign_re2 *pattern) { delete pattern; }
