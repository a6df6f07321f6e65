using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>What a program does with a trained model: freeze a part, train the rest, run it on another device.</summary>
public class FreezeAndMove
{
    [Fact]
    public void A_frozen_encoder_keeps_its_bits_while_a_new_head_learns()
    {
        var random = new RandomGenerator(1);
        var (encoder, head) = (new Gru(2, 8, random), new Linear(8, 1, random));
        using var model = new Sequential(encoder, head);
        using var optimizer = new AdamW(model.Parameters(), 0.05f, weightDecay: 0.1f);
        encoder.Freeze();
        var before = encoder.StateDictionary().Select(p => p.Value.ToArray()).ToList();
        using (var tape = new Tape())
        {
            tape.Backward(model.Forward(Tensor.RandomNormal([4, 3, 2], random)).Square().Mean());
            encoder.Parameters().Should().OnlyContain(p => ReferenceEquals(p.Gradient, null));
            head.Parameters().Should().OnlyContain(p => !ReferenceEquals(p.Gradient, null));
            optimizer.StepClipped(1f);
        }

        encoder.StateDictionary().Values.Zip(before).Should().AllSatisfy(p => p.First.ToArray().Should().Equal(p.Second));
        encoder.Unfreeze();
        head.Bias!.RequiresGradient = false;
        model.Parameters().Count(p => p.RequiresGradient).Should().Be(5);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void A_model_moves_to_a_device_and_back(string device)
    {
        var backend = Gpu.Backend(device);
        using var model = new Sequential(new Lstm(2, 8, new RandomGenerator(1)), new Linear(8, 1, new RandomGenerator(2)));
        var x = Tensor.RandomNormal([4, 3, 2], new RandomGenerator(3)).ToArray();
        var here = model.Forward(Tensor.FromSpan(x, [4, 3, 2])).Value.ToArray();
        var there = model.To(backend.Device).Forward(Tensor.FromSpan(x, [4, 3, 2], backend)).Value.ToArray();
        there.Zip(here).Should().AllSatisfy(p => p.First.Should().BeApproximately(p.Second, 1e-5f));
        model.To(Device.Cpu).Forward(Tensor.FromSpan(x, [4, 3, 2])).Value.ToArray().Should().Equal(here);
    }

    [Fact]
    public void The_default_device_is_chosen_without_naming_a_backend()
    {
        Device.Default = Device.Parse("cpu");
        Device.Default.Should().Be(Device.Cpu);
        Tensor.Zeros([1]).Backend.Device.Should().Be(Device.Default);
    }
}
