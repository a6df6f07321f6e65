namespace SeqCore.Kernels.CopyMixture;

/// <summary>The errors of values that are checked where they lie: on the CPU before the kernel, on a GPU by it.</summary>
internal static class CopyMixtureText
{
    /// <summary>The largest logarithm of the factor that the gradient of a weight has.</summary>
    internal const float MostLogFactor = 80f;

    internal static string BadLength(string operation, int positions, int row, int length) =>
        $"{operation}: lengths should lie in [0, S] = [0, {positions}]; that of source {row} is {length}.";

    internal static string BadToken(string operation, int vocabulary, int positions, int place, int token) =>
        $"{operation}: the tokens of sources should be tokens of the target, in [0, V) = [0, {vocabulary}), within the lengths;"
            + $" source {place / positions} has {token} at position {place % positions}. Hint: source and target should share one"
            + " vocabulary.";
}
