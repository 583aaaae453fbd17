"""What `suifang drill` runs: the house under attack, on real processes and databases; prints JSON."""
