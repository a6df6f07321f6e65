namespace SeqCore.Models;

/// <summary>The configuration of an <see cref="LshAttention"/>.</summary>
public sealed record LshAttentionOptions
{
    /// <summary>The number of rounds of hashing, at least 1; 4 by default. More find more of the keys that are near.</summary>
    public int Rounds { get; init; } = 4;

    /// <summary>
    /// The number of steps of a chunk, at least 1; 64 by default. There are about as many buckets as chunks.
    /// </summary>
    public int ChunkSize { get; init; } = 64;

    /// <summary>The seed of the random rotations; 1 by default.</summary>
    public ulong Seed { get; init; } = 1;
}
