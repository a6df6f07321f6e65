using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore.Tests.Autograd;

public class TapeMemoryTests
{
    [Fact]
    public void After_the_first_step_no_native_memory_is_taken()
    {
        using var backend = new CpuBackend(1);
        var weight = new Variable(Tensor.Full(new Shape(64, 64), 0.01f, backend), requiresGradient: true);
        var bias = new Variable(Tensor.Zeros(new Shape(64), backend), requiresGradient: true);
        var reserved = new List<long>();
        var inUse = new List<long>();
        for (var step = 0; step < 100; step++)
        {
            using (var tape = new Tape())
            {
                Variable x = Tensor.Full(new Shape(32, 64), 1f, backend);
                for (var layer = 0; layer < 3; layer++)
                    x = x.Linear(weight, bias) * 0.5f + x;
                tape.Backward((x * x).Mean());
            }

            weight.ZeroGradient();
            bias.ZeroGradient();
            reserved.Add(backend.Memory.Reserved);
            inUse.Add(backend.Memory.InUse);
        }

        reserved.Distinct().Should().ContainSingle();
        inUse.Distinct().Should().ContainSingle();
    }

    [Fact]
    public void After_the_first_step_a_recurrent_model_takes_no_native_memory()
    {
        using var backend = new CpuBackend(1);
        Variable Parameter(params int[] sizes) =>
            new(Tensor.RandomUniform(new Shape(sizes), new RandomGenerator(1), -0.1f, 0.1f, backend), requiresGradient: true);
        const int batch = 4, steps = 16, classes = 11, width = 8, hidden = 32;
        Variable[] parameters = [Parameter(classes, width), Parameter(4 * hidden, width), Parameter(4 * hidden, hidden),
            Parameter(4 * hidden), Parameter(4 * hidden), Parameter(classes, hidden), Parameter(classes)];
        using var tokens = IndexTensor.FromSpan([.. Enumerable.Range(0, batch * steps).Select(i => i % classes)],
            new Shape(batch, steps), backend);
        var random = new RandomGenerator(2);
        var use = new List<MemoryUse>();
        var losses = new List<float>();
        for (var step = 0; step < 100; step++)
        {
            using (var tape = new Tape())
            {
                var x = parameters[0].Embedding(tokens);
                var y = new RecurrentFunction<PlainLstm>(x, parameters[1], parameters[2], parameters[3], parameters[4])
                    .ApplyMany()[0];
                var loss = y.Dropout(0.1f, random).Linear(parameters[5], parameters[6]).CrossEntropy(tokens);
                tape.Backward(loss);
                losses.Add(loss.Value.Item());
            }

            foreach (var parameter in parameters)
            {
                parameter.Value.SubtractInPlace(parameter.Gradient!);
                parameter.ZeroGradient();
            }

            use.Add(backend.Memory);
        }

        use.Distinct().Should().ContainSingle();
        losses[^1].Should().BeLessThan(losses[0], "the steps are real ones");
    }

    [Fact]
    public void Gradients_go_back_to_the_pool_as_soon_as_they_are_used_up()
    {
        using var backend = new CpuBackend(1);
        const long bytes = 4 << 16;
        using var input = Tensor.Full(new Shape(1 << 16), 0.5f, backend);
        var x = new Variable(input, requiresGradient: true);
        long peak;
        using (var tape = new Tape())
        {
            var y = x;
            for (var i = 0; i < 20; i++)
                y *= 1.01f;
            var loss = y.Sum();
            var before = backend.Memory.Reserved;
            tape.Backward(loss);
            peak = backend.Memory.Reserved - before;
        }

        // One gradient that comes in, one that goes out, however many operations there were.
        peak.Should().BeInRange(bytes, 3 * bytes);
        x.ZeroGradient();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_gradient_that_is_added_to_others_goes_back_to_the_pool_at_once(bool isOfPart)
    {
        using var backend = new CpuBackend(1);
        const int length = 1 << 16;
        const long bytes = 4 * length;
        using var input = Tensor.Full(new Shape(length), 0.5f, backend);
        var x = new Variable(input, requiresGradient: true);
        long peak;
        using (var tape = new Tape())
        {
            Variable loss = Tensor.Full(new Shape(1), 0f, backend);
            for (var i = 0; i < 20; i++)
                loss += ((isOfPart ? x.Slice(0, 1, length - 1) : x) * 1.5f).Sum();
            var before = backend.Memory.InUse;
            var reserved = backend.Memory.Reserved;
            tape.Backward(loss);
            peak = backend.Memory.Reserved - reserved;
            (backend.Memory.InUse - before).Should().BeInRange(bytes, 2 * bytes);
        }

        peak.Should().BeInRange(bytes, 5 * bytes);
        x.Gradient![-1].Item().Should().Be(30f);
        x.ZeroGradient();
    }

    [Fact]
    public void A_leaf_takes_its_gradient_over_without_a_copy()
    {
        using var backend = new CpuBackend(1);
        const long bytes = 4 << 16;
        using var input = Tensor.Full(new Shape(1 << 16), 0.5f, backend);
        var x = new Variable(input, requiresGradient: true);
        using (var tape = new Tape())
        {
            var y = (x + 0f).Sum();
            var before = backend.Memory.Reserved;
            tape.Backward(y);
            (backend.Memory.Reserved - before)
                .Should().BeInRange(bytes, bytes + 4096, "the only large tensor is the leaf's gradient itself");
        }

        x.Gradient!.IsDisposed.Should().BeFalse();
        x.ZeroGradient();
    }
}
