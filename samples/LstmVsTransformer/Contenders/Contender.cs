using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer.Contenders;

/// <summary>One of the architectures that are compared.</summary>
/// <param name="Name">In tables and pictures.</param>
/// <param name="Create">Makes a core that reads vectors of E, with so many units.</param>
internal sealed record Contender(string Name, Func<int, int, RandomGenerator, SequenceCore> Create)
{
    internal const string RnnName = "RNN";
    internal const string GruName = "GRU";
    internal const string LstmName = "LSTM";
    internal const string ForgetZeroName = "LSTM, forget bias 0";
    internal const string ForgetOneName = "LSTM, forget bias 1";
    internal const string BidirectionalName = "bidirectional LSTM";
    internal const string AttentiveName = "LSTM with attention";
    internal const string TransformerName = "Transformer";
    internal const string WholeMatrixName = "Transformer, T x T";
    internal const string TiledName = "Transformer, tiled";
    internal const string WindowName = "Transformer, window";
    internal const string NoPositionsName = "Transformer without positions";
    internal const string EncoderName = "encoder";
    internal const string EncoderNoPositionsName = "encoder without positions";

    private static RecurrentLayerOptions Layers(int layers) => new() { Layers = layers };

    internal static Contender Rnn(int layers = 1) =>
        new(RnnName, (e, h, random) => new RecurrentCore(new Rnn(e, h, random, Layers(layers))));

    internal static Contender Gru(int layers = 1) =>
        new(GruName, (e, h, random) => new RecurrentCore(new Gru(e, h, random, Layers(layers))));

    internal static Contender Lstm(int layers = 1) =>
        new(LstmName, (e, h, random) => new RecurrentCore(new Lstm(e, h, random, Layers(layers))));

    internal static Contender Lstm(string name, float forgetBias) =>
        new(name, (e, h, random) => new RecurrentCore(new Lstm(e, h, random,
            new RecurrentLayerOptions { ForgetGateBias = forgetBias })));

    internal static Contender Bidirectional { get; } = new(BidirectionalName,
        (e, h, random) => new BidirectionalCore(new Lstm(e, h, random,
            new RecurrentLayerOptions { ForgetGateBias = 1f, Bidirectional = true })));

    internal static Contender Attentive { get; } = new(AttentiveName,
        (e, h, random) => new AttentiveCore(new Lstm(e, h, random, new RecurrentLayerOptions { ForgetGateBias = 1f }), random));

    /// <summary>A Transformer; its size is its form's, whatever number of units it is asked for.</summary>
    internal static Contender Transformer(string name, TransformerForm form) =>
        new(name, (_, _, random) => new TransformerCore(form, random));

    /// <summary>The contenders of the learning tasks. LSTMs whose name says nothing of it have a forget bias of 1.</summary>
    internal static IReadOnlyList<Contender> Learners(TransformerForm form) =>
    [
        Rnn(), Lstm(ForgetZeroName, 0f), Lstm(ForgetOneName, 1f), Gru(), Bidirectional, Attentive,
        Transformer(TransformerName, form),
    ];
}
