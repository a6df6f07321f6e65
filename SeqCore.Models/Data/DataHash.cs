using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SeqCore.Models;

/// <summary>
/// Computes the SHA-256 hash of the data that a run is trained on, in hexadecimal. A checkpoint keeps it, so that the run is not
/// resumed with other data of the same size. It takes about a second for a billion tokens.
/// </summary>
internal static class DataHash
{
    /// <summary>Computes the hash of a text's tokens.</summary>
    internal static string Of(ReadOnlySpan<int> tokens)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, tokens);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Computes the hash of several sequences, each with its length, so that moving a token between sequences changes it.
    /// </summary>
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

    /// <summary>Combines the hashes of two parts, for training and for validation; null if one of them is not known.</summary>
    internal static string? Of(string? training, string? validation) => training is null || validation is null
        ? null
        : Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(training + validation)));

    private static void Append(IncrementalHash hash, ReadOnlySpan<int> values) => hash.AppendData(MemoryMarshal.AsBytes(values));
}
