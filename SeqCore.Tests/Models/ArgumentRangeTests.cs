using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models;

/// <summary>
/// Numbers that no formula can use, and numbers cast to an enumeration that has no such member, are refused where they are given,
/// not computed with.
/// </summary>
public sealed class ArgumentRangeTests
{
    private static readonly RandomGenerator Random = new(1);

    /// <summary>The NaN of .NET is negative, and a check of the sign alone lets this one pass.</summary>
    private static readonly float PositiveNaN = BitConverter.UInt32BitsToSingle(0x7FC00000);

    public static TheoryData<string, Action> OutOfRange()
    {
        var parameter = new Parameter(Tensor.Ones([2]));
        var x = new Variable(Tensor.Ones([1, 2]));
        var wide = new Variable(Tensor.Ones([1, 1, 2]));
        var table = Tensor.Ones([1, 2, 2]);
        var targets = IndexTensor.FromSpan([0], [1]);
        var group = new ParameterGroup([parameter]);
        return new()
        {
            { "LearningRateFactor", () => group.LearningRateFactor = float.NaN },
            { "LearningRateFactor", () => group.LearningRateFactor = -1f },
            { "WeightDecay", () => _ = new ParameterGroup([parameter]) { WeightDecay = float.NaN } },
            { "WeightDecay", () => _ = new ParameterGroup([parameter]) { WeightDecay = -0.1f } },
            { "dampening", () => _ = new Sgd([parameter], momentum: 0.9f, dampening: float.NaN) },
            { "ClipNorm", () => _ = NewTrainer(new TrainerOptions { Steps = 1, ClipNorm = PositiveNaN }) },
            { "reduction", () => Loss.MeanSquaredError(x, x, (LossReduction)9) },
            { "reduction", () => x.CrossEntropy(targets, (LossReduction)9) },
            { "nonlinearity", () => _ = new RnnCell(2, 2, Random, (RecurrentActivation)9) },
            { "DiagonalBlocks", () => _ = new Lstm(2, 6, Random, new() { DiagonalBlocks = 4 }) },
            { "DiagonalBlocks", () => _ = new Lstm(2, 6, Random, new() { DiagonalBlocks = 0 }) },
            { "GateActivation", () => _ = new Lstm(2, 2, Random, new() { GateActivation = (RecurrentActivation)9 }) },
            { "GateActivation", () => _ = new Gru(2, 2, Random, new() { GateActivation = RecurrentActivation.Relu }) },
            { "Nonlinearity", () => _ = new Rnn(2, 2, Random, new() { Nonlinearity = (RecurrentActivation)9 }) },
            { "activation", () => Tensor.Linear(x.Value, x.Value, null, (Activation)9) },
            { "pairs", () => _ = new RotaryPositions(2, pairs: (RotaryPairs)9) },
            { "pairs", () => wide.Rotary(table, 1, 2, 0, (RotaryPairs)9) },
            { "pairs", () => RotaryTable.Fill(new float[4], 0, 2, (RotaryPairs)9) },
            { "ForgetGateBias", () => _ = new Lstm(2, 2, Random, new() { ForgetGateBias = float.NaN }) },
            { "epsilon", () => x.LayerNorm(epsilon: float.NaN) },
            { "epsilon", () => x.LayerNorm(epsilon: -1f) },
            { "epsilon", () => x.RmsNorm(epsilon: float.NaN) },
            { "epsilon", () => x.AddLayerNorm(x, epsilon: -1f) },
            { "epsilon", () => x.AddRmsNorm(x, epsilon: float.PositiveInfinity) },
            { "epsilon", () => _ = new LayerNorm(2, float.PositiveInfinity) },
            { "epsilon", () => _ = new RmsNorm(2, PositiveNaN) },
            { "alpha", () => x.Elu(float.NaN) },
            { "alpha", () => x.Value.Elu(float.PositiveInfinity) },
            { "slope", () => x.LeakyRelu(float.NaN) },
            { "frequencyBase", () => _ = new RotaryPositions(2, frequencyBase: double.PositiveInfinity) },
            { "frequencyBase", () => RotaryTable.Fill(new float[4], 0, 2, RotaryPairs.HalfSplit, PositiveNaN) },
            { "positionScale", () => RotaryTable.Fill(new float[4], 0, 2, RotaryPairs.HalfSplit, 10, double.NaN) },
            { "gain", () => Initializer.Orthogonal(Tensor.Ones([2, 2]), Random, float.PositiveInfinity) },
            { "gain", () => Initializer.XavierUniform(Tensor.Ones([2, 2]), Random, float.NaN) },
            { "gain", () => Initializer.KaimingNormal(Tensor.Ones([2, 2]), Random, -1f) },
            { "high", () => Initializer.Uniform(Tensor.Ones([2]), 1f, 0f, Random) },
            { "high", () => Initializer.Uniform(Tensor.Ones([2]), float.NegativeInfinity, 0f, Random) },
            { "standardDeviation", () => Initializer.Normal(Tensor.Ones([2]), 0f, float.NaN, Random) },
            { "standardDeviation", () => Initializer.TruncatedNormal(Tensor.Ones([2]), 0f, -1f, Random) },
            { "mean", () => Initializer.Normal(Tensor.Ones([2]), float.NaN, 1f, Random) },
            { "delta", () => Loss.Huber(x, x, PositiveNaN) },
            { "scale", () => _ = new NoamSchedule(4, 10, double.PositiveInfinity) },
            { "decay", () => _ = new StepDecaySchedule(1, double.PositiveInfinity) },
            { "minimum", () => _ = new CosineSchedule(5, PositiveNaN) },
            { "threshold", () => _ = new PlateauSchedule(threshold: PositiveNaN) },
        };
    }

    public static TheoryData<string, Action> NullItems()
    {
        var parameter = new Parameter(Tensor.Ones([2]));
        return new()
        {
            { "ParameterGroup: item 1 of parameters is null.*", () => _ = new Sgd([parameter, null!]) },
            { "ParameterGroup: item 0 of parameters is null.*", () => ParameterGroup.DecayMatricesOnly([null!]) },
            { "Adam: item 0 of groups is null.*", () => _ = new Adam((ParameterGroup[])[null!]) },
            { "GradientClip: item 0 of parameters is null.*", () => GradientClip.ByGlobalNorm([null!], 1f) },
            { "GradientClip: item 1 of parameters is null.*", () => GradientClip.ByValue([parameter, null!], 1f) },
            { "TrainerOptions: item 0 of Sinks is null.*", () => NewTrainer(new TrainerOptions { Steps = 1, Sinks = [null!] }) },
            { "SequencePairs: *of pair 1 is null.*", () => _ = new SequencePairs([([1], [2]), (null!, [2])]) },
            { "SequencePairs: *of pair 0 is null.*", () => _ = new SequencePairs([([1], null!)]) },
        };
    }

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public void What_is_out_of_range_is_refused_by_the_name_of_the_argument(string name, Action call) =>
        call.Should().Throw<ArgumentOutOfRangeException>().WithParameterName(name);

    [Theory]
    [MemberData(nameof(NullItems), DisableDiscoveryEnumeration = true)]
    public void Null_among_the_items_of_a_list_is_refused_by_its_place(string message, Action call) =>
        call.Should().Throw<ArgumentException>().WithMessage(message);

    [Fact]
    public void An_option_that_a_cell_would_not_use_is_refused()
    {
        var hard = new RecurrentLayerOptions { GateActivation = RecurrentActivation.HardSigmoid };
        FluentActions.Invoking(() => new Rnn(2, 2, Random, hard)).Should().Throw<ArgumentException>()
            .WithMessage("Rnn: GateActivation is fixed in this cell, or it has no gates; do not set it.");
        var resets = new RecurrentLayerOptions { ResetAfter = false };
        FluentActions.Invoking(() => new Lstm(2, 2, Random, resets)).Should().Throw<ArgumentException>()
            .WithMessage("Lstm: ResetAfter is for a Gru*");
        var keeps = new RecurrentLayerOptions { ZoneoutCell = 0.1f };
        FluentActions.Invoking(() => new Gru(2, 2, Random, keeps)).Should().Throw<ArgumentException>()
            .WithMessage("Gru: ZoneoutCell needs a cell state*");
        var forgets = new RecurrentLayerOptions { ForgetGateBias = 1f };
        FluentActions.Invoking(() => new Gru(2, 2, Random, forgets)).Should().Throw<ArgumentException>()
            .WithMessage("Gru: ForgetGateBias needs a forget gate*");
    }

    private static Trainer NewTrainer(TrainerOptions options)
    {
        var layer = new Linear(2, 2, Random);
        var batches = new LabelledBatches([new LabelledSequence([0], 1)], 1, seed: 1);
        var task = TrainingTask.Of(layer, batches, _ => layer.Weight.Sum(), _ => 0);
        return new Trainer(task, new Sgd(layer.Parameters()), options);
    }
}
