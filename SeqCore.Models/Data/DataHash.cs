using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SeqCore.Models;

/// <summary>
/// SHA-256 of what a run is trained on, in hexadecimal: a checkpoint keeps it, so that the run is not resumed with other data
/// that happens to be of the same size. About a second for a billion tokens.
/// </summary>
internal static class DataHash
{
    /// <summary>Of a text's tokens.</summary>
    internal static string Of(ReadOnlySpan<int> tokens)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, tokens);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Of several sequences, each with its length, so that a token that changes sides is noticed.</summary>
    internal static string Of(IEnumerable<int[]> sequences)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sequence in sequences)
        {
            Append(hash, [sequence.Length]);
            Append(hash, sequence);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Of two parts, for training and for validation; null where one of them is not known.</summary>
    internal static string? Of(string? training, string? validation) => training is null || validation is null
        ? null
        : Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(training + validation)));

    private static void Append(IncrementalHash hash, ReadOnlySpan<int> values) => hash.AppendData(MemoryMarshal.AsBytes(values));
}
