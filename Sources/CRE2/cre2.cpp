extern "C" int ensign_re2_placeholder(void) { return 0; }
