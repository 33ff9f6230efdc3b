//! What can be typed: the root command and the flag groups that several commands share. No I/O.
