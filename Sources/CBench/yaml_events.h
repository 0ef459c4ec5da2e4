#pragma once

#include <yaml.h>

#include "cbench.h"

// Parses one document's bytes to events, adds their number to `events`, and says whether they are YAML.
bool cbench_parse_events(const unsigned char *bytes, size_t length, size_t *events);
