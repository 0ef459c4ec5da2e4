#ifndef ENSIGN_ARGUMENTS_H
#define ENSIGN_ARGUMENTS_H

// The words that the process was started with, as the C library hands them to what is run before `main`.
//
// Swift's own way is to look for them in /proc/self/maps, at each start of each program that its library is linked into:
// a thirtieth of a short command. The two functions that the rest of that library knows of it are defined here instead;
// as objects come before archives, the linker leaves out the object that has Swift's.

// How many words there are, the program's name among them.
int ensign_argument_count(void);

// A word, which stays where it is; NULL behind the last one.
const char *ensign_argument(int place);

#endif
