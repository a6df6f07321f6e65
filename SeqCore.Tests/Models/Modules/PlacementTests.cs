using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Modules;

public class PlacementTests
{
    [Fact]
    public void Every_parameter_moves_with_its_values_and_without_its_gradient()
    {
        using var other = new CpuBackend(1);
        using var model = new Lstm(3, 4, new RandomGenerator(1));
        var before = model.StateDictionary().Select(p => (p.Key, p.Value.ToArray())).ToList();
        using (var tape = new Tape())
            tape.Backward(model.Forward(Tensor.Full([1, 2, 3], 1f)).Output.Sum());
        var old = model.StateDictionary().Values.ToList();
        var tensor = old[0];
        model.To(other).Should().BeSameAs(model);
        model.Parameters().Should().OnlyContain(p => p.Value.Backend == other && ReferenceEquals(p.Gradient, null));
        old.Should().OnlyContain(t => t.IsDisposed);
        foreach (var (name, values) in before)
            model.StateDictionary()[name].ToArray().Should().Equal(values, name);
        using var scope = new TensorScope();
        model.Forward(Tensor.Full([1, 2, 3], 1f, other)).Output.Value.Backend.Should().BeSameAs(other);
    }

    [Fact]
    public void Shared_parameters_stay_shared_and_moving_twice_copies_nothing()
    {
        using var other = new CpuBackend(1);
        using var model = new RecurrentLanguageModel(
            new() { VocabularySize = 5, Kind = RecurrentKind.Gru, EmbeddingSize = 4, HiddenSize = 4, TieWeights = true },
            new RandomGenerator(1));
        model.To(other);
        var weight = model.Embedding.Weight.Value;
        model.To(other);
        model.Embedding.Weight.Value.Should().BeSameAs(weight);
        model.Head.Weight.Should().BeSameAs(model.Embedding.Weight);
    }

    [Theory]
    [InlineData(PositionKind.Learned)]
    [InlineData(PositionKind.Sinusoidal)]
    [InlineData(PositionKind.Rotary)]
    [InlineData(PositionKind.Alibi)]
    public void Constants_follow_a_model(PositionKind positions)
    {
        using var other = new CpuBackend(1);
        var length = positions == PositionKind.Learned ? 8 : (int?)null;
        var options = new GptOptions { VocabularySize = 7, MaximumLength = length, ModelSize = 8, Layers = 1, HeadCount = 2 };
        using var model = new Gpt(options with { Positions = positions }, new RandomGenerator(1));
        var here = Predict(model, Backend.Default);
        Predict(model.To(other), other).Should().Equal(here);
        Predict(model.To(Backend.Default), Backend.Default).Should().Equal(here);

        static float[] Predict(Gpt model, Backend backend)
        {
            using var scope = new TensorScope();
            return model.Predict(IndexTensor.FromSpan([1, 2, 3], [1, 3], backend)).Value.ToArray();
        }
    }

    [Fact]
    public void A_module_moves_what_it_holds_beside_its_parameters()
    {
        using var other = new CpuBackend(1);
        using var part = new Holder();
        using var model = new Sequential(new Linear(1, 1, new RandomGenerator(1)), part);
        model.To(other);
        part.Constant.Backend.Should().BeSameAs(other);
    }

    [Fact]
    public void Moving_inside_a_step_is_refused()
    {
        using var other = new CpuBackend(1);
        using var layer = new Linear(2, 2, new RandomGenerator(1));
        using var tape = new Tape();
        layer.Forward(Tensor.Full([1, 2], 1f));
        layer.Invoking(l => l.To(other)).Should().Throw<InvalidOperationException>()
            .WithMessage("Module.To: 1 operations are recorded*");
        layer.Weight.Value.Backend.Should().NotBeSameAs(other);
    }

    [Fact]
    public void The_shared_backend_of_the_default_device_is_the_default()
    {
        Device.Default.SharedBackend.Should().BeSameAs(Backend.Default);
        Device.Default.Should().Be(Backend.Default.Device);
        var before = Backend.Default;
        Device.Default = Device.Default;
        Backend.Default.Should().BeSameAs(before);
        FluentActions.Invoking(() => Device.Default = new Device(DeviceKind.Cuda, 99)).Should().Throw<NotSupportedException>();
        Backend.Default.Should().BeSameAs(before);
    }

    private sealed class Holder : Layer
    {
        internal Tensor Constant { get; private set; } = Tensor.Full([2], 3f);

        public override Variable Forward(Variable x) => x;

        protected override void Move(Backend backend)
        {
            var values = Constant.ToArray();
            Constant.Dispose();
            Constant = Tensor.FromSpan(values, [2], backend);
        }
    }
}
