using System.Text.Json;
using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Autograd.Functions;

/// <summary>
/// Operations of tensors, variables, index tensors and masks on random views, with the results and gradients that PyTorch and
/// NumPy compute in float64 and int32.
/// </summary>
public class ViewGoldenTests
{
    private static readonly JsonElement[] Cases = [.. Golden.Read("views.json").EnumerateArray()];

    private static readonly Dictionary<string, Func<Given, object>> Operations = new()
    {
        ["Sum"] = g => g.X.Sum(g.Axes, g.Keep), ["Mean"] = g => g.X.Mean(g.Axes, g.Keep),
        ["Max"] = g => g.X.Max(g.Axes, g.Keep), ["Min"] = g => g.X.Min(g.Axes, g.Keep),
        ["MaxEdges"] = g => g.X.Max(g.Axes, g.Keep), ["MinEdges"] = g => g.X.Min(g.Axes, g.Keep),
        ["LogSumExp"] = g => g.X.LogSumExp(g.Axes, g.Keep), ["LogSumExpEdges"] = g => g.X.LogSumExp(g.Axes, g.Keep),
        ["Product"] = g => g.X.Product(g.Axes, g.Keep), ["ProductEdges"] = g => g.X.Product(g.Axes, g.Keep),
        ["Norm"] = g => g.X.Norm(g.Axes, g.Keep), ["SumOfSquares"] = g => g.X.SumOfSquares(g.Axes, g.Keep),
        ["Variance"] = g => g.X.Variance(g.Axes, g.Keep),
        ["ArgMax"] = g => g.X.Value.ArgMax(g.Axis, last: g.Flag("last")),
        ["ArgMin"] = g => g.X.Value.ArgMin(g.Axis, last: g.Flag("last")),
        ["Softmax"] = g => (g.X * 8f).Softmax(g.Axis), ["LogSoftmax"] = g => (g.X * 8f).LogSoftmax(g.Axis),
        ["SoftmaxEdges"] = g => g.X.Softmax(g.Axis), ["LogSoftmaxEdges"] = g => g.X.LogSoftmax(g.Axis),
        ["Sort"] = g => g.X.Sort(g.Axis, g.Flag("descending")), ["TopK"] = g => g.X.TopK(g.Number("k")),
        ["CumulativeSum"] = g => g.X.CumulativeSum(g.Axis, g.Flag("reverse"), g.Flag("exclusive")),
        ["CumulativeProduct"] = g => g.X.CumulativeProduct(g.Axis, g.Flag("reverse"), g.Flag("exclusive")),
        ["CumulativeSumEdges"] = g => g.X.CumulativeSum(g.Axis, g.Flag("reverse"), g.Flag("exclusive")),
        ["CumulativeProductEdges"] = g => g.X.CumulativeProduct(g.Axis, g.Flag("reverse"), g.Flag("exclusive")),
        ["Where"] = g => Variable.Where(g.Mask(0), g.V(1), g.V(2)), ["MaskedFill"] = g => g.X.MaskedFill(g.Mask(1), 0.5f),
        ["Add"] = g => g.Left + g.Right, ["Sub"] = g => g.Left - g.Right, ["Mul"] = g => g.Left * g.Right,
        ["Atan2"] = g => Variable.Atan2(g.Left, g.Right), ["Remainder"] = g => Variable.Remainder(g.Left, g.Right),
        ["Maximum"] = g => Variable.Maximum(g.Left, g.Right), ["Minimum"] = g => Variable.Minimum(g.Left, g.Right),
        ["Lt"] = g => g.Left.Value < g.Right.Value, ["Le"] = g => g.Left.Value <= g.Right.Value,
        ["Eq"] = g => g.Left.Value.EqualTo(g.Right.Value), ["Ne"] = g => g.Left.Value.NotEqualTo(g.Right.Value),
        ["Gather"] = g => g.X.Gather(g.Index(1), g.Axis), ["GatherAlong"] = g => g.X.GatherAlong(g.Index(1), g.Axis),
        ["ScatterAlong"] = g => g.X.ScatterAlong(g.Index(1), g.V(2), g.Axis),
        ["ScatterAddAlong"] = g => g.X.ScatterAddAlong(g.Index(1), g.V(2), g.Axis),
        ["Flip"] = g => g.X.Flip(g.Axes), ["Roll"] = g => g.X.Roll(g.Number("shift"), g.Axis),
        ["Pad"] = g => g.X.Pad([.. g.Numbers("padding").Chunk(2).Select(p => (p[0], p[1]))], -0.5f),
        ["Tile"] = g => g.X.Tile(g.Numbers("counts")), ["Repeat"] = g => g.X.Repeat(g.Numbers("counts"), g.Axis),
        ["LowerTriangle"] = g => g.X.LowerTriangle(g.Number("diagonal")),
        ["UpperTriangle"] = g => g.X.UpperTriangle(g.Number("diagonal")),
        ["Einsum"] = g => Variable.Einsum(g.Text("subscripts"), [.. Enumerable.Range(0, g.Count).Select(g.V)]),
        ["GroupNorm"] = g => g.X.GroupNorm(g.Number("groups"), g.V(1), g.V(2), 0.1f),
        ["InstanceNorm"] = g => g.X.InstanceNorm(g.V(1), g.V(2), 0.1f),
        ["BatchNorm"] = g => g.X.BatchNorm(g.V(1), g.V(2), 0.1f),
        ["LayerNorm"] = g => g.X.LayerNorm(g.Number("count"), g.V(1), g.V(2), 0.1f),
        ["And"] = g => g.Mask(0) & g.Mask(1), ["Or"] = g => g.Mask(0) | g.Mask(1), ["Xor"] = g => g.Mask(0) ^ g.Mask(1),
        ["Any"] = g => g.Mask(0).Any(g.Axes, g.Keep), ["All"] = g => g.Mask(0).All(g.Axes, g.Keep),
        ["IndexAdd"] = g => g.Index(0) + g.Index(1), ["IndexSubtract"] = g => g.Index(0) - g.Index(1),
        ["IndexMultiply"] = g => g.Index(0) * g.Index(1), ["IndexDivide"] = g => g.Index(0) / g.Index(1),
        ["IndexModulo"] = g => g.Index(0) % g.Index(1),
        ["IndexMinimum"] = g => IndexTensor.Minimum(g.Index(0), g.Index(1)),
        ["IndexMaximum"] = g => IndexTensor.Maximum(g.Index(0), g.Index(1)),
        ["IndexFloorDivide"] = g => IndexTensor.FloorDivide(g.Index(0), g.Index(1)),
        ["IndexRemainder"] = g => IndexTensor.Remainder(g.Index(0), g.Index(1)),
        ["IndexLess"] = g => g.Index(0) < g.Index(1), ["IndexLessOrEqual"] = g => g.Index(0) <= g.Index(1),
        ["IndexEqual"] = g => g.Index(0).EqualTo(g.Index(1)), ["IndexSum"] = g => g.Index(0).Sum(g.Axes, g.Keep),
        ["IndexMax"] = g => g.Index(0).Max(g.Axes, g.Keep), ["IndexMin"] = g => g.Index(0).Min(g.Axes, g.Keep),
        ["IndexArgMax"] = g => g.Index(0).ArgMax(g.Axis), ["IndexArgMin"] = g => g.Index(0).ArgMin(g.Axis),
        ["IndexSort"] = g => g.Index(0).Sort(g.Axis, g.Flag("descending")),
        ["IndexGather"] = g => g.Index(0).Gather(g.Index(1), g.Axis), ["IndexFlip"] = g => g.Index(0).Flip(g.Axes),
        ["IndexClamp"] = g => g.Index(0).Clamp(g.Number("low"), g.Number("high")),
        ["MeanSquaredError"] = g => Loss.MeanSquaredError(g.X, g.V(1), g.Reduction),
        ["L1"] = g => Loss.L1(g.X, g.V(1), g.Reduction), ["Huber"] = g => Loss.Huber(g.X, g.V(1), 0.7f, g.Reduction),
        ["SmoothL1"] = g => Loss.SmoothL1(g.X, g.V(1), 0.7f, g.Reduction),
        ["Triplet"] = g => Loss.Triplet(g.X, g.V(1), g.V(2), 0.7f, g.Reduction),
        ["MarginRanking"] = g => Loss.MarginRanking(g.X, g.V(1), g.V(2).Value, 0.3f, g.Reduction),
        ["CosineEmbedding"] = g => Loss.CosineEmbedding(g.X + 3f, g.V(1) + 1f, g.V(2).Value, -0.3f, g.Reduction),
        ["BinaryCrossEntropy"] = g => Loss.BinaryCrossEntropyWithLogits(g.X * 8f, g.V(1), g.Reduction),
        ["KullbackLeibler"] = g => Loss.KullbackLeiblerDivergence(g.X, g.V(1), false, g.Reduction),
        ["CrossEntropy"] = g => Loss.CrossEntropy(g.X * 8f, g.Index(1), g.Reduction, labelSmoothing: g.Smoothing,
            classWeights: g.V(2).Value + 0.5f),
        ["SoftCrossEntropy"] = g => Loss.CrossEntropy(g.X * 8f, g.V(1), g.Reduction, g.Smoothing, g.V(2).Value + 0.5f),
        ["KullbackLeiblerOfLogs"] = g => Loss.KullbackLeiblerDivergence(g.X, g.V(1), true, g.Reduction),
        ["IgnoringCrossEntropy"] = g => Loss.CrossEntropy(g.X * 8f, g.Index(1), g.Reduction, g.Ignored,
            classWeights: g.V(2).Value + 0.5f),
        ["NegativeLogLikelihood"] = g => Loss.NegativeLogLikelihood(g.X, g.Index(1), g.Reduction, g.Ignored, g.V(2).Value + 0.5f),
        ["Focal"] = g => Loss.Focal(g.X * 8f, g.Index(1), g.Gamma, g.Reduction, g.Ignored, g.V(2).Value + 0.5f),
        ["BinaryFocal"] = g =>
            Loss.BinaryFocalWithLogits(g.X * 4f, g.V(1).Value.Round(), g.Alpha < 0f ? null : g.Alpha, g.Gamma, g.Reduction),
        ["IndexToTensor"] = g => (Variable)g.Index(0).ToTensor(), ["ToIndex"] = g => (g.X * 100f).Value.ToIndex(),
    };

    /// <summary>A few units in the last place of the numbers that are summed, which are about 1.</summary>
    private const double Few = 1e-6;

    /// <summary>Their gradients are differences of terms that are up to 64 times larger.</summary>
    private static readonly string[] Cancelling =
        ["Softmax", "LogSoftmax", "GroupNorm", "InstanceNorm", "BatchNorm", "LayerNorm", "CosineEmbedding",
            "CrossEntropy", "SoftCrossEntropy", "IgnoringCrossEntropy", "Focal"];

    public static TheoryData<string> Names => [.. Cases.Select(Name).Distinct()];

    [Theory, MemberData(nameof(Names))]
    public void Results_and_gradients_are_those_of_PyTorch(string name)
    {
        foreach (var (golden, number) in Cases.Select((golden, i) => (golden, i)).Where(c => Name(c.golden) == name))
            Check(name, golden, $"{name}, case {number}: {golden.GetProperty("arguments")}");
    }

    private static void Check(string name, JsonElement golden, string because)
    {
        using var tape = new Tape();
        var given = new Given(golden);
        object[] results = Operations[name](given) switch
        {
            (Variable values, IndexTensor indices) => [values, indices],
            (IndexTensor values, IndexTensor indices) => [values, indices],
            var one => [one],
        };
        var y = golden.GetProperty("y").EnumerateArray().ToArray();
        results.Should().HaveSameCount(y, because);
        for (var i = 0; i < y.Length; i++)
            ShouldBe(results[i], y[i], because);
        if (!golden.TryGetProperty("dY", out var dY))
            return;
        tape.Backward((Variable)results[0], dY.ToTensor());
        var d = golden.GetProperty("d").EnumerateArray().ToArray();
        given.Leaves.Should().HaveSameCount(d, because);
        var tolerance = Cancelling.Contains(name) ? 2e-5 : Few;
        for (var i = 0; i < d.Length; i++)
            ShouldBe((Variable)given.Leaves[i].Gradient!, d[i], $"{because}, gradient {i}", tolerance);
    }

    private static void ShouldBe(object actual, JsonElement golden, string because, double tolerance = Few)
    {
        var values = golden.GetProperty("values");
        var shape = actual switch
        {
            Variable x => x.Shape,
            IndexTensor x => x.Shape,
            var x => ((BoolTensor)x).Shape,
        };
        shape.Should().Equal(golden.GetProperty("shape").Integers(), because);
        if (actual is Variable floats)
            floats.Value.ToArray().Should().Equal(values.Floats(), (a, b) => IsNear(a, b, tolerance), because);
        else
            (actual is IndexTensor i ? i : ((BoolTensor)actual).ToIndex()).ToArray().Should().Equal(values.Integers(), because);
    }

    private static bool IsNear(float actual, float expected, double tolerance) => actual.Equals(expected) || actual == expected
        || (float.IsFinite(actual) && Math.Abs(actual - (double)expected) <= tolerance * (1 + Math.Abs(expected)));

    private static string Name(JsonElement golden) => golden.GetProperty("operation").GetString()!;

    /// <summary>The operands, as views of what is stored, and the arguments.</summary>
    private sealed class Given
    {
        private readonly JsonElement arguments;
        private readonly object[] views;

        internal Given(JsonElement golden)
        {
            arguments = golden.GetProperty("arguments");
            views = [.. golden.GetProperty("operands").EnumerateArray().Select(View)];
        }

        internal List<Variable> Leaves { get; } = [];

        internal int Count => views.Length;

        internal Variable X => V(0);

        internal Variable Left => V(Flag("swapped") ? 1 : 0);

        internal Variable Right => V(Flag("swapped") ? 0 : 1);

        internal int[] Axes => Numbers("axes");

        internal int Axis => Number("axis");

        internal bool Keep => Flag("keep");

        internal LossReduction Reduction => Enum.Parse<LossReduction>(Text("reduction"));

        internal float Smoothing => arguments.GetProperty("smoothing").GetSingle();

        internal float Gamma => arguments.GetProperty("gamma").GetSingle();

        internal float Alpha => arguments.GetProperty("alpha").GetSingle();

        internal int Ignored => arguments.GetProperty("ignored").GetInt32();

        internal Variable V(int operand) => (Variable)views[operand];

        internal IndexTensor Index(int operand) => (IndexTensor)views[operand];

        internal BoolTensor Mask(int operand) => (BoolTensor)views[operand];

        internal bool Flag(string name) => arguments.GetProperty(name).GetBoolean();

        internal int Number(string name) => arguments.GetProperty(name).GetInt32();

        internal int[] Numbers(string name) => arguments.GetProperty(name).Integers();

        internal string Text(string name) => arguments.GetProperty(name).GetString()!;

        private object View(JsonElement operand)
        {
            int[] Of(string name) => operand.GetProperty(name).Integers();
            int[] order = Of("order"), start = Of("start"), step = Of("step"), kept = Of("kept"), expanded = Of("expanded");
            var values = operand.GetProperty("values");
            var type = operand.GetProperty("type").GetString();
            switch (type)
            {
                case "variable" or "float":
                    var leaf = new Variable(operand.ToTensor(), requiresGradient: type == "variable");
                    if (leaf.RequiresGradient)
                        Leaves.Add(leaf);
                    var variable = leaf.Permute(order);
                    for (var axis = 0; axis < order.Length; axis++)
                        variable = variable.Slice(axis, start[axis], kept[axis], step[axis]);
                    return variable.Expand(expanded);
                case "bool":
                    bool[] isTrue = [.. values.Integers().Select(v => v != 0)];
                    var mask = BoolTensor.FromSpan(isTrue, new Shape(Of("shape"))).Permute(order);
                    for (var axis = 0; axis < order.Length; axis++)
                        mask = mask.Slice(axis, start[axis], kept[axis], step[axis]);
                    return mask.Expand(expanded);
                default:
                    var indices = IndexTensor.FromSpan(values.Integers(), new Shape(Of("shape"))).Permute(order);
                    for (var axis = 0; axis < order.Length; axis++)
                        indices = indices.Slice(axis, start[axis], kept[axis], step[axis]);
                    return indices.Expand(expanded);
            }
        }
    }
}
