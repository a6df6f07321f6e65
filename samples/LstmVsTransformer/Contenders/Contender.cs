using System.Reflection;
using System.Text.Json.Serialization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The architectures that are compared, with their names in files, tables and charts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Contender>))]
internal enum Contender
{
    [JsonStringEnumMemberName("RNN")] Rnn,
    [JsonStringEnumMemberName("RNN, large weights")] RnnLargeWeights,
    [JsonStringEnumMemberName("GRU")] Gru,
    [JsonStringEnumMemberName("LSTM")] Lstm,
    [JsonStringEnumMemberName("LSTM, forget bias 0")] LstmForgetZero,
    [JsonStringEnumMemberName("LSTM, forget bias 1")] LstmForgetOne,
    [JsonStringEnumMemberName("LSTM, forget bias 4")] LstmForgetFour,
    [JsonStringEnumMemberName("bidirectional LSTM")] BidirectionalLstm,
    [JsonStringEnumMemberName("LSTM with attention")] AttentiveLstm,
    [JsonStringEnumMemberName("Transformer")] Transformer,
    [JsonStringEnumMemberName("Transformer, T x T")] TransformerWholeMatrix,
    [JsonStringEnumMemberName("Transformer, tiled")] TransformerTiled,
    [JsonStringEnumMemberName("Transformer, window")] TransformerWindow,
    [JsonStringEnumMemberName("Transformer without positions")] TransformerNoPositions,
    [JsonStringEnumMemberName("encoder")] Encoder,
    [JsonStringEnumMemberName("encoder without positions")] EncoderNoPositions,
}

/// <summary>Names, sizes, colours and cores of the contenders.</summary>
internal static class Contenders
{
    /// <summary>The largest singular value of large weights: a gradient grows by it where the tanh does not flatten.</summary>
    private const float LargeGain = 3f;

    private static readonly Dictionary<Contender, string> names = Enum.GetValues<Contender>().ToDictionary(c => c, c =>
        typeof(Contender).GetField(c.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name);

    /// <summary>The contenders of the learning tasks. LSTMs have a forget bias of 1 unless their name states another.</summary>
    internal static IReadOnlyList<Contender> Learners { get; } =
    [
        Contender.Rnn, Contender.LstmForgetZero, Contender.LstmForgetOne, Contender.Gru, Contender.BidirectionalLstm,
        Contender.AttentiveLstm, Contender.Transformer,
    ];

    /// <summary>The contenders with and without positions.</summary>
    internal static IReadOnlyList<Contender> Positioned { get; } =
        [Contender.Transformer, Contender.TransformerNoPositions, Contender.Encoder, Contender.EncoderNoPositions];

    /// <summary>The name of a contender in files, tables and charts.</summary>
    internal static string Name(this Contender contender) => names[contender];

    /// <summary>Whether its number of units can be chosen; that of a Transformer is its settings'.</summary>
    internal static bool IsRecurrent(this Contender contender) => contender < Contender.Transformer;

    /// <summary>The colour of its kind, and its dashes and symbol, the same in every chart.</summary>
    internal static (ModelColour Colour, int Style) Appearance(this Contender contender) => contender switch
    {
        Contender.Rnn => (ModelColour.Rnn, 6),
        Contender.RnnLargeWeights => (ModelColour.Rnn, 7),
        Contender.Gru => (ModelColour.Gru, 2),
        Contender.Lstm or Contender.LstmForgetOne => (ModelColour.Lstm, 0),
        Contender.LstmForgetZero => (ModelColour.Lstm, 5),
        Contender.LstmForgetFour => (ModelColour.Lstm, 7),
        Contender.BidirectionalLstm => (ModelColour.BidirectionalLstm, 4),
        Contender.AttentiveLstm => (ModelColour.AttentiveLstm, 3),
        Contender.Transformer or Contender.TransformerTiled => (ModelColour.Transformer, 1),
        Contender.TransformerWholeMatrix => (ModelColour.Transformer, 3),
        Contender.TransformerWindow => (ModelColour.Transformer, 4),
        Contender.TransformerNoPositions => (ModelColour.Transformer, 5),
        Contender.Encoder => (ModelColour.Encoder, 2),
        _ => (ModelColour.Encoder, 6),
    };

    /// <summary>Makes a core that reads vectors.</summary>
    /// <param name="contender">The contender.</param>
    /// <param name="inputSize">E, the width of the vectors.</param>
    /// <param name="units">H of recurrent layers.</param>
    /// <param name="random">Draws the initial weights.</param>
    /// <param name="transformer">The size of Transformers, whatever number of units is asked for.</param>
    /// <param name="layers">The number of recurrent layers.</param>
    internal static SequenceCore Create(this Contender contender, int inputSize, int units, RandomGenerator random,
        TransformerSettings transformer, int layers = 1)
    {
        return contender switch
        {
            Contender.Rnn => new RecurrentCore(new Rnn(inputSize, units, random, new() { Layers = layers })),
            Contender.RnnLargeWeights => Enlarged(new RecurrentCore(new Rnn(inputSize, units, random))),
            Contender.Gru => new RecurrentCore(new Gru(inputSize, units, random, new() { Layers = layers })),
            Contender.Lstm => new RecurrentCore(Lstm(new() { Layers = layers })),
            Contender.LstmForgetZero => new RecurrentCore(Lstm(new() { ForgetGateBias = 0f })),
            Contender.LstmForgetOne => new RecurrentCore(Lstm(new() { ForgetGateBias = 1f })),
            Contender.LstmForgetFour => new RecurrentCore(Lstm(new() { ForgetGateBias = 4f })),
            Contender.BidirectionalLstm => new BidirectionalCore(Lstm(new() { ForgetGateBias = 1f, Bidirectional = true })),
            Contender.AttentiveLstm => new AttentiveCore(Lstm(new() { ForgetGateBias = 1f }), random),
            Contender.TransformerWholeMatrix => new TransformerCore(transformer with { WholeMatrix = true }, random),
            Contender.TransformerWindow => new TransformerCore(transformer with { Window = SpeedSettings.Window }, random),
            Contender.TransformerNoPositions => new TransformerCore(transformer with { Positions = false }, random),
            Contender.Encoder => new TransformerCore(transformer with { Causal = false }, random),
            Contender.EncoderNoPositions =>
                new TransformerCore(transformer with { Causal = false, Positions = false }, random),
            _ => new TransformerCore(transformer, random),
        };

        Lstm Lstm(RecurrentLayerOptions options) => new(inputSize, units, random, options);

        // Orthogonal weights have one singular value.
        RecurrentCore Enlarged(RecurrentCore core)
        {
            Initializer.Orthogonal(core.RecurrentWeight.Value, random, LargeGain);
            return core;
        }
    }
}
