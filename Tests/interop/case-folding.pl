#!/usr/bin/env perl
# Checks Sources/Ensign/CaseFoldingTable.swift against perl's own Unicode data; with --write, writes it.
#
# The table is part of the snapshot format, so it stays that of Unicode 14.0 (perl 5.36): a newer perl's additions are
# left out by the age of their characters.
use strict;
use warnings;
use Unicode::UCD qw(prop_invmap charprop);
use FindBin qw($Bin);

my $unicode = 14;
my ($known) = Unicode::UCD::UnicodeVersion() =~ /^(\d+)/;
die "perl $^V knows Unicode $known only, $unicode is needed\n" if $known < $unicode;

my ($starts, $maps, $format, $default) = prop_invmap('Simple_Case_Folding');
my @pairs;
for my $i (0 .. $#$starts) {
  next if $maps->[$i] eq $default || ref $maps->[$i];
  my $end = $i < $#$starts ? $starts->[$i + 1] : 0x110000;
  for my $code ($starts->[$i] .. $end - 1) {
    my $age = charprop($code, 'Age');
    $age =~ s/^V//;
    $age =~ tr/_/./;
    next if $age eq 'Unassigned' || $age > $unicode;
    push @pairs, [$code, $maps->[$i] + $code - $starts->[$i]];
  }
}

# Runs of the same distance between source and target, over every character or every second one.
my @runs;
for my $pair (@pairs) {
  my ($code, $target) = @$pair;
  next if $code < 0x80;
  my $run = $runs[-1];
  if ($run && $run->{delta} == $target - $code) {
    my $step = $code - $run->{last};
    if ($step <= 2 && ($run->{first} == $run->{last} || $run->{step} == $step)) {
      @$run{qw(last step)} = ($code, $step);
      next;
    }
  }
  push @runs, {first => $code, last => $code, step => 1, delta => $target - $code};
}

my $text = <<"END";
// Written by Tests/interop/case-folding.pl --write, which also checks it. Do not edit.

extension CaseFolding {
  /// Unicode 14.0's simple case folding above ASCII, in runs of code points in ascending order.
  ///
  /// Four numbers a run: the first and the last code point, the step between them, the distance to the folded one.
  static let table: [Int32] = [
END
my $line = '   ';
for my $run (@runs) {
  my $row = sprintf ' 0x%x, 0x%x, %d, %d,', @$run{qw(first last step delta)};
  if (length($line) + length($row) > 118) {
    $text .= "$line\n";
    $line = '   ';
  }
  $line .= $row;
}
$text .= "$line\n  ]\n}\n";

my $path = "$Bin/../../Sources/Ensign/CaseFoldingTable.swift";
if (@ARGV && $ARGV[0] eq '--write') {
  open my $out, '>', $path or die "$path: $!\n";
  print $out $text;
  close $out or die "$path: $!\n";
  exit 0;
}
open my $in, '<', $path or die "$path: $!\n";
my $committed = do { local $/; <$in> };
if ($committed ne $text) {
  print STDERR "Sources/Ensign/CaseFoldingTable.swift is not what perl $^V makes: run $0 --write\n";
  exit 1;
}
print "case folding: @{[scalar @pairs]} mappings as in perl $^V\n";
