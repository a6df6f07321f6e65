using SeqCore.Samples.LstmVsTransformer.Measuring;

namespace SeqCore.Samples.LstmVsTransformer.Results;

/// <summary>One part of the study with what is needed to measure it again.</summary>
/// <param name="Form">short or full.</param>
/// <param name="Seed">Of all random numbers.</param>
/// <param name="Machine">Where and when.</param>
/// <param name="Seconds">How long it took in all.</param>
/// <param name="Result">The figures.</param>
internal sealed record Part<T>(string Form, ulong Seed, MachineDescription Machine, double Seconds, T Result);
