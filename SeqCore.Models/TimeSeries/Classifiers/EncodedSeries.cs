namespace SeqCore.Models;

/// <summary>A scaled series as a network reads it.</summary>
/// <param name="Values">The values of all channels at step 0, then at step 1, and so on, T C in all.</param>
/// <param name="Length">The number of steps, T.</param>
/// <param name="Label">The index of its label; 0 where it is not known.</param>
internal sealed record EncodedSeries(float[] Values, int Length, int Label);
