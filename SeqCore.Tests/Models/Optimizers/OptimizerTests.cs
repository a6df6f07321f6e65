using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Optimizers;

public class OptimizerTests
{
    private static readonly Dictionary<string, Func<Parameter, Optimizer>> Optimizers = new()
    {
        ["adam"] = p => new Adam([p], 0.1f),
        ["adam, weight decay"] = p => new Adam([p], 0.05f, 0.8f, 0.95f, 1e-6f, 0.3f),
        ["adamw"] = p => new AdamW([p], 0.1f, weightDecay: 0.2f),
        ["sgd"] = p => new Sgd([p], 0.1f),
        ["sgd, momentum"] = p => new Sgd([p], 0.1f, 0.9f, 0.5f, 0.1f),
        ["sgd, nesterov"] = p => new Sgd([p], 0.1f, 0.9f, nesterov: true),
        ["rmsprop"] = p => new RmsProp([p], 0.02f),
        ["rmsprop, momentum"] = p => new RmsProp([p], 0.02f, 0.9f, weightDecay: 0.1f, momentum: 0.5f),
        ["adam, clipped to 0.5"] = p => new Adam([p], 0.1f),
    };

    public static TheoryData<string> Names => [.. Optimizers.Keys];

    [Fact]
    public void A_step_after_the_model_was_disposed_is_refused_and_says_what_was()
    {
        var model = new Linear(2, 2, new RandomGenerator(1));
        using var optimizer = new Adam(model.Parameters());
        model.Dispose();

        Action[] steps = [() => optimizer.Step(), () => optimizer.StepClipped(1f)];
        foreach (var step in steps)
        {
            step.Should().Throw<ObjectDisposedException>().WithMessage("Adam.Step: parameter 0 of group 0 has been disposed:"
                + " Tensor (2, 2),"
                + " closed by the Dispose of the Linear that it belongs to. Dispose the model after the last step.*");
        }

        optimizer.StepCount.Should().Be(0);
    }

    [Fact]
    public void Matrices_only_decay_where_the_groups_say_so()
    {
        using var matrix = Tensor.FromSpan([1f, 2f, 3f, 4f], [2, 2]);
        using var vector = Tensor.FromSpan([1f, 2f], [2]);
        using var table = Tensor.FromSpan([1f, 2f], [1, 2, 1]);
        Parameter[] parameters = [new(vector), new(matrix), new(table)];
        var groups = ParameterGroup.DecayMatricesOnly(parameters);
        groups.Select(g => g.WeightDecay).Should().Equal(null, 0f);
        groups[0].Parameters.Should().Equal(parameters[1], parameters[2]);
        groups[1].Parameters.Should().Equal(parameters[0]);
        using var optimizer = new AdamW(groups, learningRate: 0.5f, weightDecay: 0.1f);
        foreach (var parameter in parameters)
            Gradients.Set(parameter, new float[parameter.Value.ElementCount]);
        optimizer.Step();
        matrix.ToArray().Should().Equal(0.95f, 1.9f, 2.85f, 3.8f);
        table.ToArray().Should().Equal(0.95f, 1.9f);
        vector.ToArray().Should().Equal(1f, 2f);
        optimizer.ZeroGradients();
        ParameterGroup.DecayMatricesOnly([parameters[0]]).Single().WeightDecay.Should().Be(0f);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Trajectory_is_that_of_PyTorch(string name)
    {
        var golden = Golden.Read("optimizers.json");
        using var run = new Run(golden.GetProperty("start").Floats(), Optimizers[name]);
        var path = golden.GetProperty("paths").GetProperty(name).EnumerateArray().Select(e => e.Floats()).ToArray();
        var gradients = golden.GetProperty("gradients").EnumerateArray().Select(e => e.Floats()).ToArray();
        for (var i = 0; i < gradients.Length; i++)
        {
            run.Step(gradients[i], name.Contains("clipped") ? 0.5f : null);
            run.Values.ShouldBeCloseTo(path[i], 1e-5f, $"{name}, step {i + 1}");
        }

        run.Optimizer.StepCount.Should().Be(gradients.Length);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Continues_from_its_state_bit_for_bit(string name)
    {
        float[] start = [1f, -2f, 3f, 0.5f];
        using var whole = new Run(start, Optimizers[name]);
        using var first = new Run(start, Optimizers[name]);
        for (var i = 0; i < 3; i++)
        {
            whole.Step(Gradient(i), null);
            first.Step(Gradient(i), null);
        }

        first.Optimizer.LearningRate = whole.Optimizer.LearningRate = 0.0123f;
        using var second = new Run(first.Values, Optimizers[name]);
        second.Optimizer.LoadStateDictionary(first.Optimizer.StateDictionary());
        for (var i = 3; i < 6; i++)
        {
            whole.Step(Gradient(i), null);
            second.Step(Gradient(i), null);
        }

        second.Values.Should().Equal(whole.Values);

        static float[] Gradient(int i) => [MathF.Sin(i), MathF.Cos(2 * i), 0.1f * i, -1f / (i + 1)];
    }

    [Fact]
    public void Groups_have_their_own_rate_and_decay()
    {
        Parameter a = new(Tensor.Full([1], 1f)), b = new(Tensor.Full([1], 1f));
        using var optimizer = new Sgd([new ParameterGroup([a]) { LearningRateFactor = 10f },
            new ParameterGroup([b]) { WeightDecay = 0f }], 0.01f, weightDecay: 1f);
        Gradients.Set(a, [1f]);
        Gradients.Set(b, [1f]);
        optimizer.Step();
        a.Value.Item().Should().BeApproximately(1f - (0.1f * 2f), 1e-6f);
        b.Value.Item().Should().BeApproximately(1f - 0.01f, 1e-6f);
    }

    [Fact]
    public void Parameters_without_a_gradient_stay()
    {
        Parameter a = new(Tensor.Full([2], 1f)), b = new(Tensor.Full([2], 1f));
        using var optimizer = new AdamW([a, b], 0.1f, weightDecay: 0.5f);
        Gradients.Set(a, [1f, 2f]);
        optimizer.Step();
        a.Value.ToArray().Should().NotContain(1f);
        b.Value.ToArray().Should().Equal(1f, 1f);
    }

    [Fact]
    public void Zeroing_forgets_every_gradient()
    {
        var a = new Parameter(Tensor.Full([2], 1f));
        using var optimizer = new Sgd([a]);
        Gradients.Set(a, [1f, 2f]);
        optimizer.ZeroGradients();
        a.Gradient.Should().BeNull();
    }

    [Fact]
    public void State_of_another_optimizer_is_refused_by_name()
    {
        Parameter a = new(Tensor.Full([2], 1f)), b = new(Tensor.Full([3], 1f));
        using Optimizer adam = new Adam([a]), sgd = new Sgd([a], momentum: 0.9f), other = new Adam([b]);
        adam.Invoking(o => o.LoadStateDictionary(sgd.StateDictionary())).Should().Throw<StateDictionaryException>()
            .WithMessage("Adam:*missing: 0.exp_avg, 0.exp_avg_sq; unexpected: 0.momentum_buffer*");
        adam.Invoking(o => o.LoadStateDictionary(other.StateDictionary())).Should().Throw<StateDictionaryException>()
            .WithMessage("*0.exp_avg should have shape (2,), got (3,)*");
    }

    [Fact]
    public void Arguments_out_of_range_are_named()
    {
        var a = new Parameter(Tensor.Full([2], 1f));
        ((Action)(() => _ = new Adam([a], -1f)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Adam: LearningRate should be finite and at least 0*");
        ((Action)(() => _ = new Adam([a], beta1: 1f)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Adam: beta1 should be in [0, 1)*");
        ((Action)(() => _ = new Sgd([a], nesterov: true))).Should().Throw<ArgumentException>().WithMessage("Sgd: Nesterov*");
        ((Action)(() => _ = new RmsProp([a], alpha: -0.1f)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("RmsProp: alpha*");
        ((Action)(() => _ = new Adam([a, a]))).Should().Throw<ArgumentException>().WithMessage("*is listed twice*");
        ((Action)(() => _ = new Adam(new List<Parameter>())))
            .Should().Throw<ArgumentException>().WithMessage("*at least one parameter*");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_allocates_nothing_whatever_the_parameters(string name)
    {
        using var run = new Run([1f, 2f, 3f], Optimizers[name]);
        run.Step([1f, 1f, 1f], null);
        Gradients.Set(run.Optimizer.Groups[0].Parameters[0], [1f, 1f, 1f]);
        // A GPU's launch and the table of its tensors are a few objects more.
        Garbage.Of(() => run.Optimizer.Step()).Should().BeLessThan(Backend.Default is CpuBackend ? 1 : 2000);
    }

    private sealed class Run : IDisposable
    {
        private readonly Parameter parameter;

        public Run(float[] start, Func<Parameter, Optimizer> make)
        {
            parameter = new Parameter(Tensor.FromSpan(start, [start.Length]));
            Optimizer = make(parameter);
        }

        public Optimizer Optimizer { get; }

        public float[] Values => parameter.Value.ToArray();

        public void Step(float[] gradient, float? clip)
        {
            Gradients.Set(parameter, gradient);
            if (clip is { } norm)
                Optimizer.StepClipped(norm).Dispose();
            else
                Optimizer.Step();
            Optimizer.ZeroGradients();
        }

        public void Dispose()
        {
            Optimizer.Dispose();
            parameter.Value.Dispose();
        }
    }
}
