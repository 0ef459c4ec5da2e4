#pragma once
// placeholder replaced by the runtime work
int ensign_re2_placeholder(void);
