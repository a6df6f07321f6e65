namespace SeqCore.Kernels.Crf;

/// <summary>The errors of values that are checked where they lie: on the CPU before the kernel, on a GPU by it.</summary>
internal static class CrfText
{
    internal static string BadLength(string operation, int steps, int row, int length) =>
        $"{operation}: lengths should lie in [0, T] = [0, {steps}]; that of row {row} is {length}.";

    internal static string BadTarget(string operation, int tags, int steps, int place, int target) =>
        $"{operation}: targets should be tags in [0, K) = [0, {tags}) within the lengths; row {place / steps} has {target} at"
            + $" step {place % steps}.";
}
